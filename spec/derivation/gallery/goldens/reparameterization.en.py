import numpy as np

# Given: mu (D), rho (D), eps (D), y (D)

# Forward
sigma = np.exp(rho)
z = mu + sigma * eps
loss = np.square(z - y).sum()

# Backward
grad_z = 2.0 * (z - y)
grad_mu = grad_z
grad_sigma = grad_z * eps
grad_rho = grad_sigma * sigma
