import numpy as np

# Given: w (D×K), b (K), x (N×T×D), C (N×T×K)

# Forward
z = x.dot(w) + b
loss = (z * C).sum()

# Backward
grad_w = np.einsum("ijk,ijl->kl", x, C)
grad_b = C.sum(axis=(0, 1))
