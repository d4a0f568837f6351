import numpy as np

# 已知: X (D×D)

# 前向传播
loss = np.linalg.slogdet(X)[1]

# 反向传播
grad_X = np.linalg.inv(X).T
