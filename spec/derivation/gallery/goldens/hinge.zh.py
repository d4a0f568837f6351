import numpy as np

# 已知: w (D), x (N×D), y (N)

# 前向传播
sub1 = 1 - y * x.dot(w)
loss = np.maximum(sub1, 0).sum()

# 反向传播
grad_sub1 = np.where(sub1 > 0, 1, 0)
grad_w = x.T.dot(-grad_sub1 * y)
