import numpy as np

# 已知: A (D×D), b (D), c (D)
D = A.shape[0]

# 前向传播
solve1 = np.linalg.solve(A, b.reshape(D, 1))
x = solve1.reshape(D)
loss = x.dot(c)

# 反向传播
grad_solve1 = c.reshape(D, 1)
grad_A = np.linalg.solve(A.T, -grad_solve1) @ solve1.T
grad_b = np.linalg.solve(A.T, grad_solve1).reshape(D)
