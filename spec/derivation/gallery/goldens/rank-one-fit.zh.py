import numpy as np

# 已知: u (N), v (K), M (N×K)

# 前向传播
E = np.outer(u, v) - M
loss = np.square(E).sum()

# 反向传播
grad_E = 2.0 * E
grad_u = grad_E.dot(v)
grad_v = u.dot(grad_E)
