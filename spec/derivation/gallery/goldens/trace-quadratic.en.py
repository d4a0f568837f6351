import numpy as np

# Given: X (M×N), B (M×M)

# Forward
permute1 = X.T
dot1 = permute1.dot(B)
loss = np.diagonal(dot1.dot(X)).sum()

# Backward
grad_X = dot1.T + B.dot(X)
