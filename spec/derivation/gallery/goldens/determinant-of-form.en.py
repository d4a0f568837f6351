import numpy as np

# Given: X (D×D), A (D×D), B (D×D)

# Forward
Y = A.dot(X).dot(B)
loss = np.linalg.det(Y)

# Backward
grad_Y = loss * np.linalg.inv(Y).T  # where the inverse exists
grad_X = A.T.dot(grad_Y.dot(B.T))
