import numpy as np

# 已知: X (M×N), B (M×M)

# 前向传播
permute1 = X.T
dot1 = permute1.dot(B)
loss = np.diagonal(dot1.dot(X)).sum()

# 反向传播
grad_X = dot1.T + B.dot(X)
