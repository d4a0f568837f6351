import numpy as np

# 已知: x (T)
T = x.shape[0]

# 前向传播
d = x[1:] - x[:T - 1]
loss = np.square(d).sum()

# 反向传播
grad_d = 2.0 * d
grad_x = np.zeros((T,))
grad_x[:T - 1] += -grad_d
grad_x[1:] += grad_d
