import numpy as np

# 已知: w (D×H), x (N×D)

# 前向传播
dot1 = x.dot(w)
tanhSlope1 = np.square(1 / np.cosh(dot1))
g = tanhSlope1.dot(w.T)
loss = np.square(g).sum()

# 反向传播
grad_g = 2.0 * g
grad_tanhSlope1 = grad_g.dot(w)
grad_dot1 = -2.0 * grad_tanhSlope1 * np.tanh(dot1) * tanhSlope1
grad_w = grad_g.T.dot(tanhSlope1) + x.T.dot(grad_dot1)
