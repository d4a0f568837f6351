import numpy as np

# Given: w (D), x (N×D), y (N), lam ()

# Forward
r = x.dot(w) - y
loss = np.square(r).sum() / 2 + lam * np.abs(w).sum()

# Backward
grad_r = r
grad_w = lam * np.sign(w) + x.T.dot(r)
