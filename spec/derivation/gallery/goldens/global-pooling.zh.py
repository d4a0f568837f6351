import numpy as np

# 已知: w (I×K), x (N×I×L×W), y (N×K)

# 前向传播
m = x.mean(axis=(2, 3))
p = m.dot(w)
loss = np.square(p - y).sum()

# 反向传播
grad_p = 2.0 * (p - y)
grad_w = m.T.dot(grad_p)
