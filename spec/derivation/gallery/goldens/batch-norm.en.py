import numpy as np

# Given: gamma (D), beta (D), x (N×D), y (N×D)
N = x.shape[0]

# Forward
mu = x.mean(axis=0)
sigma = np.sqrt(np.square(x - mu).mean(axis=0) + 0.00001)
xhat = (x - mu) / sigma
out = xhat * gamma + beta
loss = np.square(out - y).sum()

# Backward
grad_out = 2.0 * (out - y)
grad_gamma = (grad_out * xhat).sum(axis=0)
grad_beta = grad_out.sum(axis=0)
grad_xhat = grad_out * gamma
term1 = (grad_xhat - (grad_xhat * xhat).mean(axis=0) * xhat) / sigma
grad_mu = (-term1).sum(axis=0)
grad_x = term1 + grad_mu * 1 / N
