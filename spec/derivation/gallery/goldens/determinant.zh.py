import numpy as np

# 已知: X (D×D)

# 前向传播
d = np.linalg.det(X)

# 反向传播
grad_X = (np.linalg.det(X)[..., None, None] * np.linalg.inv(X)).T
