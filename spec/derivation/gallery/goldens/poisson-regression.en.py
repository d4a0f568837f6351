import numpy as np

# Given: w (D), x (N×D), y (N)

# Forward
z = x.dot(w)
mu = np.exp(z)
loss = (mu - y * z).sum()

# Backward
grad_z = mu - y
grad_w = x.T.dot(grad_z)
