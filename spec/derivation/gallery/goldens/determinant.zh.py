import numpy as np

# 已知: X (D×D)

# 前向传播
d = np.linalg.det(X)

# 反向传播
grad_X = d * np.linalg.inv(X).T  # 在逆矩阵存在处成立
