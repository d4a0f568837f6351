import numpy as np

# 已知: mu (D), rho (D), eps (D), y (D)

# 前向传播
sigma = np.exp(rho)
z = mu + sigma * eps
loss = np.square(z - y).sum()

# 反向传播
grad_z = 2.0 * (z - y)
grad_mu = grad_z
grad_sigma = grad_z * eps
grad_rho = grad_sigma * sigma
