import numpy as np

# 已知: X (D×D), A (K×D), B (D×K)

# 前向传播
Y = np.linalg.inv(X)
loss = np.diagonal(A.dot(Y).dot(B)).sum()

# 反向传播
grad_Y = A.T.dot(B.T)
grad_X = Y.T @ (-grad_Y) @ Y.T
