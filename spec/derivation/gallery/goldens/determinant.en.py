import numpy as np

# Given: X (D×D)

# Forward
d = np.linalg.det(X)

# Backward
grad_X = (np.linalg.det(X)[..., None, None] * np.linalg.inv(X)).T
