import numpy as np

# Given: u (N), v (K), M (N×K)

# Forward
E = np.outer(u, v) - M
loss = np.square(E).sum()

# Backward
grad_E = 2.0 * E
grad_u = grad_E.dot(v)
grad_v = u.dot(grad_E)
