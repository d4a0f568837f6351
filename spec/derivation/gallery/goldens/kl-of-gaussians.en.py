import numpy as np

# Given: mu (N×D), logvar (N×D)

# Forward
v = np.exp(logvar)
loss = (v + np.square(mu) - 1 - logvar).sum() / 2

# Backward
grad_logvar = (v - 1) / 2
grad_mu = mu
