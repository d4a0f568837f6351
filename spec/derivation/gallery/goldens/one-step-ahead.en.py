import numpy as np

# Given: w (D), A (D×D), c (D), eta ()

# Forward
g = w.dot(A) * 0.5 + (0.5 * w).dot(A.T)
u = w - eta * g
loss = np.square(u - c).sum()

# Backward
grad_u = 2.0 * (u - c)
grad_g = -grad_u * eta
grad_w = grad_u + grad_g.dot(A) / 2 + A.dot(grad_g / 2)
