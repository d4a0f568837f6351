import numpy as np

# Given: w (D), x (N×D), y (N)

# Forward
sub1 = 1 - y * x.dot(w)
loss = np.maximum(sub1, 0).sum()

# Backward
grad_sub1 = np.where(sub1 > 0, 1, 0)
grad_w = x.T.dot(-grad_sub1 * y)
