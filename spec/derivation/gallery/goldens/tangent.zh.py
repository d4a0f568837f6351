import numpy as np

# 已知: w (D), x (N×D), v (D)

# 前向传播
dot1 = x.dot(v)
dot2 = x.dot(w)
tanhSlope1 = np.square(1 / np.cosh(dot2))
loss = (dot1 * tanhSlope1).sum()

# 反向传播
grad_dot2 = -2.0 * dot1 * np.tanh(dot2) * tanhSlope1
grad_w = x.T.dot(grad_dot2)
grad_tanhSlope1 = dot1
