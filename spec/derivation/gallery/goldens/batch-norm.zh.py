import numpy as np

# 已知: gamma (D), beta (D), x (N×D), y (N×D)

# 前向传播
mu = x.mean(axis=0)
sigma = np.sqrt(np.square(x - mu).mean(axis=0) + 0.00001)
xhat = (x - mu) / sigma
out = xhat * gamma + beta
loss = np.square(out - y).sum()

# 反向传播
grad_out = 2.0 * (out - y)
grad_gamma = (grad_out * xhat).sum(axis=0)
grad_beta = grad_out.sum(axis=0)
grad_xhat = grad_out * gamma
grad_x = (grad_xhat - (grad_xhat * xhat).mean(axis=0) * xhat - grad_xhat.mean(axis=0)) / sigma
