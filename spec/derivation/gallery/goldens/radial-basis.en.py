import numpy as np

# Given: w (K), beta (), d2 (N×K), y (N)

# Forward
phi = np.exp(-(beta * d2))
p = phi.dot(w)
loss = np.square(p - y).sum()

# Backward
grad_p = 2.0 * (p - y)
grad_w = phi.T.dot(grad_p)
grad_phi = np.outer(grad_p, w)
grad_beta = (-grad_phi * phi * d2).sum()
