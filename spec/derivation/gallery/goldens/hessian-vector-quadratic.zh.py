import numpy as np

# 已知: x (D), A (D×D), v (D)

# 前向传播
g = x.dot(A) + x.dot(A.T)
loss = g.dot(v)

# 反向传播
grad_x = v.dot(A) + A.dot(v)
