import numpy as np

# 已知: X (D×D)

# 前向传播
loss = np.diagonal(X.dot(X)).sum()

# 反向传播
grad_X = 2.0 * X.T
