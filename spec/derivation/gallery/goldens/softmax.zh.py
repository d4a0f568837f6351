import numpy as np

def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=axis, keepdims=True)

# 已知: z (N×K), c (N×K)

# 前向传播
p = softmax(z, axis=1)
loss = (p * c).sum()

# 反向传播
grad_z = (c - (p * c).sum(axis=1, keepdims=True)) * p
