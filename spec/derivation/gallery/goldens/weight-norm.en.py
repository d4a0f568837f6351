import numpy as np

def norm(x, axis=None, keepdims=False):
    return np.sqrt(np.square(x).sum(axis=axis, keepdims=keepdims))

# Given: g (), v (D), c (D)

# Forward
r = norm(v)
u = v / r
w = g * u
loss = w.dot(c)

# Backward
grad_g = (c * u).sum()
grad_u = c * g
grad_r = (-grad_u * u / r).sum()
grad_v = grad_u / r + grad_r * np.where(r > 0, u, 0)
