import numpy as np

# 已知: w (D), b (), x (N×D), y (N)
N = x.shape[0]

# 前向传播
p = x.dot(w) + b
loss = np.square(p - y).mean()

# 反向传播
grad_p = 2.0 * (p - y) / N
grad_w = x.T.dot(grad_p)
grad_b = grad_p.sum()
