import numpy as np

# 已知: x (D), A (D×D), v (D)

# 前向传播
g = x.dot(A) * 1 + (1.0 * x).dot(A.T)
loss = g.dot(v)

# 反向传播
grad_x = v.dot(A) + v.dot(A.T)
