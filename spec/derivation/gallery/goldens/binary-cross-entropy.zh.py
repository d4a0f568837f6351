import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# 已知: z (N), y (N)
N = z.shape[0]

# 前向传播
loss = (y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)).mean()

# 反向传播
grad_z = (sigmoid(z) - y) / N
