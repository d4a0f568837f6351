import numpy as np

# 已知: K (N×N), y (N)
N = K.shape[0]

# 前向传播
solve1 = np.linalg.solve(K, y.reshape(N, 1))
alpha = solve1.reshape(N)
loss = (y.dot(alpha) + np.linalg.slogdet(K)[1]) / 2

# 反向传播
grad_K = np.linalg.inv(K).T / 2 + np.linalg.solve(K.T, -y.reshape(N, 1) / 2) @ solve1.T
