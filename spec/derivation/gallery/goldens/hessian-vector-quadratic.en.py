import numpy as np

# Given: x (D), A (D×D), v (D)

# Forward
g = x.dot(A) + x.dot(A.T)
loss = g.dot(v)

# Backward
grad_x = v.dot(A) + A.dot(v)
