import numpy as np

# Given: p (N×K), y (N×K)
N = p.shape[0]
K = p.shape[1]

# Forward
loss = np.square(p - y).mean()

# Backward
grad_p = 2.0 * (p - y) / (N * K)
