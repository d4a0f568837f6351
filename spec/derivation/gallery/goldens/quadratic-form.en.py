import numpy as np

# Given: x (D), A (D×D)

# Forward
dot1 = x.dot(A)
loss = dot1.dot(x)

# Backward
grad_x = dot1 + A.dot(x)
grad_A = np.outer(x, x)
