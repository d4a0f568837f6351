import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# 已知: z (N), y (N)

# 前向传播
p = sigmoid(y * z)
square1 = np.square(1 - p)
log1 = np.log(p)
loss = -(square1 * log1).sum()

# 反向传播
grad_z = (2.0 * log1 * p - (1 - p)) * square1 * y
