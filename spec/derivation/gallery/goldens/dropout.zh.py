import numpy as np

# 已知: w (D), x (N×D), mask (N×D), y (N)

# 前向传播
d = x * mask * 2
p = d.dot(w)
sub1 = p - y
loss = np.square(sub1).sum() / 2

# 反向传播
grad_p = sub1
grad_w = d.T.dot(sub1)
