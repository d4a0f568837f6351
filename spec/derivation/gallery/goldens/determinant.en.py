import numpy as np

# Given: X (D×D)

# Forward
d = np.linalg.det(X)

# Backward
grad_X = d * np.linalg.inv(X).T  # where the inverse exists
