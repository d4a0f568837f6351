import numpy as np

# Given: x (D), A (D×D)

# Forward
dot1 = A.dot(x)
s = x.dot(x)
rho = x.dot(dot1) / s

# Backward
grad_s = -rho / s
grad_dot1 = x * (1 / s)
grad_x = 2.0 * x * grad_s + 1 / s * dot1 + A.T.dot(grad_dot1)
