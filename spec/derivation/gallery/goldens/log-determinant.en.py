import numpy as np

# Given: X (D×D)

# Forward
loss = np.linalg.slogdet(X)[1]

# Backward
grad_X = np.linalg.inv(X).T
