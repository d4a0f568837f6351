import numpy as np

# Given: X (M×N), A (K×M), B (N×K)

# Forward
loss = np.diagonal(A.dot(X).dot(B)).sum()

# Backward
grad_X = A.T.dot(B.T)
