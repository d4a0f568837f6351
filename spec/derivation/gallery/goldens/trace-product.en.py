import numpy as np

# Given: X (M×N), A (K×M), B (N×K)
K = A.shape[0]

c1 = np.eye(K)

# Forward
loss = np.diagonal(A.dot(X).dot(B)).sum()

# Backward
grad_X = A.T.dot(c1.dot(B.T))
