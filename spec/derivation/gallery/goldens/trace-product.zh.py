import numpy as np

# 已知: X (M×N), A (K×M), B (N×K)

# 前向传播
loss = np.diagonal(A.dot(X).dot(B)).sum()

# 反向传播
grad_X = A.T.dot(B.T)
