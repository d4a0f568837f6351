import numpy as np

# 已知: X (M×N), A (K×M), B (N×P), C (K×P)

# 前向传播
R = A.dot(X).dot(B) + C
loss = np.square(R).sum()

# 反向传播
grad_R = 2.0 * R
grad_X = A.T.dot(grad_R.dot(B.T))
