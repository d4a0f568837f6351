import numpy as np

# Given: K (N×N), y (N)
N = K.shape[0]

# Forward
solve1 = np.linalg.solve(K, y.reshape(N, 1))
alpha = solve1.reshape(N)
loss = (y.dot(alpha) + np.linalg.slogdet(K)[1]) / 2

# Backward
grad_K = np.linalg.inv(K).T / 2 + np.linalg.solve(K.T, -y.reshape(N, 1) / 2) @ solve1.T
