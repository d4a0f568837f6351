import numpy as np

# 已知: x (N×D), c (N×D)
D = x.shape[1]

# 前向传播
mu = x.mean(axis=1, keepdims=True)
sigma = np.sqrt(np.square(x - mu).mean(axis=1, keepdims=True) + 0.00001)
xhat = (x - mu) / sigma
loss = (xhat * c).sum()

# 反向传播
term1 = (c - (c * (x - mu)).mean(axis=1, keepdims=True) * xhat / sigma) / sigma
grad_mu = (-term1).sum(axis=1, keepdims=True)
grad_x = term1 + grad_mu * 1 / D
