import numpy as np

# 已知: W (D×H), U (H×H), b (H), h (N×H), x (N×D), C (N×H)

# 前向传播
a = x.dot(W) + h.dot(U) + b
out = np.tanh(a)
loss = (out * C).sum()

# 反向传播
grad_a = C * (1 - np.square(out))
grad_W = x.T.dot(grad_a)
grad_U = h.T.dot(grad_a)
grad_b = grad_a.sum(axis=0)
grad_h = grad_a.dot(U.T)
