import numpy as np

# Given: w (D), x (N×D), y (N)

# Forward
g = x.T.dot(0.5 * (2.0 * (x.dot(w) - y)))
loss = np.square(g).sum()

# Backward
grad_g = 2.0 * g
grad_w = x.T.dot(x.dot(grad_g))
