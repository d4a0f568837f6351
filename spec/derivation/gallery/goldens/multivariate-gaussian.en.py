import numpy as np

# Given: S (D×D), d (D)

# Forward
P = np.linalg.inv(S)
loss = (d.dot(P.dot(d)) + np.linalg.slogdet(S)[1]) / 2

# Backward
grad_P = np.outer(d / 2, d)
grad_S = P.T / 2 + P.T @ (-grad_P) @ P.T
