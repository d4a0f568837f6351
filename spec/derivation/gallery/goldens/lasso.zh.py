import numpy as np

# 已知: w (D), x (N×D), y (N), lam ()

# 前向传播
r = x.dot(w) - y
loss = np.square(r).sum() / 2 + lam * np.abs(w).sum()

# 反向传播
grad_r = r
grad_w = lam * np.sign(w) + x.T.dot(r)
