import numpy as np

# 已知: x (D), A (D×D)

# 前向传播
dot1 = x.dot(A)
loss = dot1.dot(x)

# 反向传播
grad_x = dot1 + A.dot(x)
grad_A = np.outer(x, x)
