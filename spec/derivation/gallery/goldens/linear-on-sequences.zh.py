import numpy as np

# 已知: w (D×K), b (K), x (N×T×D), C (N×T×K)
N = x.shape[0]
T = x.shape[1]
D = w.shape[0]
K = w.shape[1]

# 前向传播
z = x.reshape(N * T, D).dot(w).reshape(N, T, K) + b
loss = (z * C).sum()

# 反向传播
grad_w = x.reshape(N * T, D).T.dot(C.reshape(N * T, K))
grad_b = C.sum(axis=(0, 1))
