import numpy as np

# Given: w (D), x (N×D), v (D)

# Forward
dot1 = x.dot(w)
dot2 = x.dot(v)
tanhSlope1 = np.square(1 / np.cosh(dot1))
loss = (dot2 * tanhSlope1).sum()

# Backward
grad_dot1 = -2.0 * dot2 * np.tanh(dot1) * tanhSlope1
grad_w = x.T.dot(grad_dot1)
