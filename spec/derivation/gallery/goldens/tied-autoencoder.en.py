import numpy as np

# Given: w (D×H), x (N×D)

# Forward
z = x.dot(w)
h = np.tanh(z)
out = h.dot(w.T)
loss = np.square(out - x).sum()

# Backward
grad_out = 2.0 * (out - x)
grad_h = grad_out.dot(w)
grad_z = grad_h * (1 - np.square(h))
grad_w = grad_out.T.dot(h) + x.T.dot(grad_z)
