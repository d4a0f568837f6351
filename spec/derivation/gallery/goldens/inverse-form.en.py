import numpy as np

# Given: X (D×D), a (D), b (D)

# Forward
Y = np.linalg.inv(X)
loss = a.dot(Y).dot(b)

# Backward
grad_Y = np.outer(a, b)
grad_X = Y.T @ (-grad_Y) @ Y.T
