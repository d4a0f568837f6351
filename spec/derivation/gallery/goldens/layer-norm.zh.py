import numpy as np

# 已知: x (N×D), c (N×D)

# 前向传播
mu = x.mean(axis=1, keepdims=True)
sigma = np.sqrt(np.square(x - mu).mean(axis=1, keepdims=True) + 0.00001)
xhat = (x - mu) / sigma
loss = (xhat * c).sum()

# 反向传播
grad_x = (c - (c * (x - mu)).mean(axis=1, keepdims=True) * xhat / sigma - c.mean(axis=1, keepdims=True)) / sigma
