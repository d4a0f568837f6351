import numpy as np

# 已知: X (D×D), a (D), b (D)

# 前向传播
Y = np.linalg.inv(X)
loss = a.dot(Y).dot(b)

# 反向传播
grad_Y = np.outer(a, b)
grad_X = Y.T @ (-grad_Y) @ Y.T
