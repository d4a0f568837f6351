import numpy as np

# 已知: p (N), y (N)
N = p.shape[0]

# 前向传播
clip1 = np.clip(p - y, -1, 1)
loss = (clip1 * (p - y - 0.5 * clip1)).mean()

# 反向传播
grad_p = clip1 / N
