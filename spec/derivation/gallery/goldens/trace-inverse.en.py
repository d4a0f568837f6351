import numpy as np

# Given: X (D×D), A (K×D), B (D×K)

# Forward
Y = np.linalg.inv(X)
loss = np.diagonal(A.dot(Y).dot(B)).sum()

# Backward
grad_Y = A.T.dot(B.T)
grad_X = Y.T @ (-grad_Y) @ Y.T
