import numpy as np

# Given: X (D×D)

# Forward
loss = np.diagonal(X.dot(X)).sum()

# Backward
grad_X = 2.0 * X.T
