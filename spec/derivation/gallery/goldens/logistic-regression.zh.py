import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# 已知: w (D), x (N×D), y (N)

# 前向传播
z = x.dot(w)
p = sigmoid(z)
loss = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum()

# 反向传播
grad_z = p - y
grad_w = x.T.dot(grad_z)
