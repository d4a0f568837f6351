import numpy as np

# 已知: x (N×D), c (N×D)

# 前向传播
r = np.sqrt(np.square(x).mean(axis=1, keepdims=True) + 0.00001)
xhat = x / r
loss = (xhat * c).sum()

# 反向传播
grad_x = (c - (c * x).mean(axis=1, keepdims=True) * xhat / r) / r
