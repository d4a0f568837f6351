import numpy as np

# Given: w (D), x (N×D), mask (N×D), y (N)

# Forward
d = x * mask * 2
p = d.dot(w)
sub1 = p - y
loss = np.square(sub1).sum() / 2

# Backward
grad_p = sub1
grad_w = d.T.dot(sub1)
