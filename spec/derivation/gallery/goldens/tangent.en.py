import numpy as np

# Given: w (D), x (N×D), v (D)

# Forward
dot1 = x.dot(v)
dot2 = x.dot(w)
tanhSlope1 = np.square(1 / np.cosh(dot2))
loss = (dot1 * tanhSlope1).sum()

# Backward
grad_dot2 = -2.0 * dot1 * np.tanh(dot2) * tanhSlope1
grad_w = x.T.dot(grad_dot2)
grad_tanhSlope1 = dot1
