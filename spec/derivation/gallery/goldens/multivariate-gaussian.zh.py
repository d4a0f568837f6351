import numpy as np

# 已知: S (D×D), d (D)

# 前向传播
P = np.linalg.inv(S)
loss = (d.dot(P.dot(d)) + np.linalg.slogdet(S)[1]) / 2

# 反向传播
grad_P = np.outer(d / 2, d)
grad_S = P.T / 2 + P.T @ (-grad_P) @ P.T
