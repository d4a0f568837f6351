import numpy as np

# 已知: w (K), beta (), d2 (N×K), y (N)

# 前向传播
phi = np.exp(-(beta * d2))
p = phi.dot(w)
loss = np.square(p - y).sum()

# 反向传播
grad_p = 2.0 * (p - y)
grad_w = phi.T.dot(grad_p)
grad_phi = np.outer(grad_p, w)
grad_beta = (-grad_phi * phi * d2).sum()
