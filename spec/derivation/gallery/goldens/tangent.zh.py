import numpy as np

# 已知: w (D), x (N×D), v (D)

# 前向传播
dot1 = x.dot(w)
dot2 = x.dot(v)
tanhSlope1 = np.square(1 / np.cosh(dot1))
loss = (dot2 * tanhSlope1).sum()

# 反向传播
grad_dot1 = -2.0 * dot2 * np.tanh(dot1) * tanhSlope1
grad_w = x.T.dot(grad_dot1)
