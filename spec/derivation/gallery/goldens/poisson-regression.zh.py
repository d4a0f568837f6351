import numpy as np

# 已知: w (D), x (N×D), y (N)

# 前向传播
z = x.dot(w)
mu = np.exp(z)
loss = (mu - y * z).sum()

# 反向传播
grad_z = mu - y
grad_w = x.T.dot(grad_z)
