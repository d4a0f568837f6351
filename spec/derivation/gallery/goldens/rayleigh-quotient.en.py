import numpy as np

# Given: x (D), A (D×D)

# Forward
dot1 = A.dot(x)
dot2 = x.dot(dot1)
s = x.dot(x)
rho = dot2 / s

# Backward
grad_dot1 = x / s
grad_x = (dot1 - 2.0 * x * dot2 / s) / s + A.T.dot(grad_dot1)
