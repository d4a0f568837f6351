import numpy as np

# 已知: w (D), x (N×D), y (N)

# 前向传播
g = x.T.dot(0.5 * (2.0 * (x.dot(w) - y)))
loss = np.square(g).sum()

# 反向传播
grad_g = 2.0 * g
grad_w = x.T.dot(x.dot(grad_g))
