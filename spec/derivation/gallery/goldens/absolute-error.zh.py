import numpy as np

# 已知: p (N), y (N)
N = p.shape[0]

# 前向传播
loss = np.abs(p - y).mean()

# 反向传播
grad_p = np.sign(p - y) / N
