import numpy as np

# 已知: p (N×K), y (N×K)
N = p.shape[0]
K = p.shape[1]

# 前向传播
loss = np.square(p - y).mean()

# 反向传播
grad_p = 2.0 * (p - y) / (N * K)
