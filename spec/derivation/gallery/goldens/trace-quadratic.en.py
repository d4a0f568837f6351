import numpy as np

# Given: X (M×N), B (M×M)
N = X.shape[1]

c1 = np.eye(N)

# Forward
dot1 = X.T.dot(B)
loss = np.diagonal(dot1.dot(X)).sum()

# Backward
grad_X = dot1.T.dot(c1) + B.dot(X.dot(c1.T))
