import numpy as np

def norm(x, axis=None, keepdims=False):
    return np.sqrt(np.square(x).sum(axis=axis, keepdims=keepdims))

# Given: x (D), y (D)

# Forward
r = norm(x)
s = norm(y)
c = x.dot(y) / (r * s)

# Backward
term1 = -c / (r * s)
grad_r = term1 * s
term2 = 1 / (r * s)
grad_x = grad_r * np.where(r > 0, x / r, 0) + term2 * y
grad_s = term1 * r
grad_y = grad_s * np.where(s > 0, y / s, 0) + x * term2
