import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# 已知: i (N×H), f (N×H), g (N×H), o (N×H), c (N×H), C (N×H)

# 前向传播
I = sigmoid(i)
F = sigmoid(f)
G = np.tanh(g)
O = sigmoid(o)
cell = F * c + I * G
t = np.tanh(cell)
h = O * t
loss = (h * C).sum()

# 反向传播
grad_o = h * C * (1 - O)
grad_t = C * O
grad_cell = grad_t * (1 - np.square(t))
grad_c = grad_cell * F
grad_I = grad_cell * G
grad_i = grad_I * I * (1 - I)
grad_F = grad_cell * c
grad_f = grad_F * F * (1 - F)
grad_G = grad_cell * I
grad_g = grad_G * (1 - np.square(G))
