import numpy as np

# 已知: X (M×N), a (M), b (N)

# 前向传播
loss = a.dot(X).dot(b)

# 反向传播
grad_X = np.outer(a, b)
