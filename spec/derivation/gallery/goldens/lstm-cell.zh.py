import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# 已知: W (D×4·H), U (H×4·H), h (N×H), c (N×H), x (N×D), C (N×H)
H = U.shape[0]

# 前向传播
z = x.dot(W) + h.dot(U)
I = sigmoid(z[:, :H])
F = sigmoid(z[:, H:2 * H])
G = np.tanh(z[:, 2 * H:3 * H])
O = sigmoid(z[:, 3 * H:])
cell = F * c + I * G
t = np.tanh(cell)
out = O * t
loss = (out * C).sum()

# 反向传播
grad_t = C * O
grad_cell = grad_t * (1 - np.square(t))
grad_I = grad_cell * G
term1 = grad_I * I * (1 - I)
grad_F = grad_cell * c
grad_G = grad_cell * I
grad_z = np.concatenate((term1, grad_F * F * (1 - F), grad_G * (1 - np.square(G)), out * C * (1 - O),), axis=1)
grad_W = x.T.dot(grad_z)
grad_U = h.T.dot(grad_z)
