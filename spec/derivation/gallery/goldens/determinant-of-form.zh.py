import numpy as np

# 已知: X (D×D), A (D×D), B (D×D)

# 前向传播
Y = A.dot(X).dot(B)
loss = np.linalg.det(Y)

# 反向传播
grad_Y = loss * np.linalg.inv(Y).T  # 在逆矩阵存在处成立
grad_X = A.T.dot(grad_Y.dot(B.T))
