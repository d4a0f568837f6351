import numpy as np

# Given: w (D), b (), x (N×D), y (N)
N = x.shape[0]

# Forward
p = x.dot(w) + b
loss = np.square(p - y).mean()

# Backward
grad_p = 2.0 * (p - y) / N
grad_w = x.T.dot(grad_p)
grad_b = grad_p.sum()
