import numpy as np

# 已知: mu (N×D), logvar (N×D)

# 前向传播
v = np.exp(logvar)
loss = (v + np.square(mu) - 1 - logvar).sum() / 2

# 反向传播
grad_logvar = (v - 1) / 2
grad_mu = mu
