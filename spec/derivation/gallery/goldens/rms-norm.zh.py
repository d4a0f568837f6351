import numpy as np

# 已知: x (N×D), c (N×D)
D = x.shape[1]

# 前向传播
r = np.sqrt(np.square(x).mean(axis=1, keepdims=True) + 0.00001)
xhat = x / r
loss = (xhat * c).sum()

# 反向传播
grad_x = c / r - (c * x).sum(axis=1, keepdims=True) * x / r ** 3 / D
