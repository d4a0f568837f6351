import numpy as np

# Given: X (M×N), a (M), b (N)

# Forward
loss = a.dot(X).dot(b)

# Backward
grad_X = np.outer(a, b)
