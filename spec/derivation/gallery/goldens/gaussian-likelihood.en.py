import numpy as np

# Given: mu (D), rho (D), x (N×D)
N = x.shape[0]

# Forward
exp1 = np.exp(rho)
z = (x - mu) / exp1
loss = (np.square(z) / 2 + rho).sum()

# Backward
grad_z = z
grad_mu = (-z / exp1).sum(axis=0)
grad_rho = N - np.square(z).sum(axis=0)
