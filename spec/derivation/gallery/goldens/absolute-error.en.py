import numpy as np

# Given: p (N), y (N)
N = p.shape[0]

# Forward
loss = np.abs(p - y).mean()

# Backward
grad_p = np.sign(p - y) / N
