import numpy as np

# 已知: X (M×N), B (M×M)
N = X.shape[1]

c1 = np.eye(N)

# 前向传播
dot1 = X.T.dot(B)
loss = np.diagonal(dot1.dot(X)).sum()

# 反向传播
grad_X = dot1.T.dot(c1) + B.dot(X.dot(c1.T))
