import numpy as np

# Given: w (D), x (N×D), y (N), lam ()

# Forward
dot1 = x.dot(w)
loss = np.square(dot1 - y).sum() + lam * np.square(w).sum()

# Backward
grad_dot1 = 2.0 * (dot1 - y)
grad_w = 2.0 * lam * w + x.T.dot(grad_dot1)
