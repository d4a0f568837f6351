import numpy as np

def mask_first(x, value):
    shape = (1,) * (x.ndim - value.ndim) + value.shape
    axes = tuple(np.flatnonzero(np.equal(shape, 1)))
    place = np.where(x == value, np.arange(x.size).reshape(x.shape), x.size)
    return (x == value) & (place == place.min(axes, keepdims=True, initial=x.size))

# 已知: x (N×K), c (N)
N = x.shape[0]

# 前向传播
m = x.max(axis=1)
loss = (m * c).sum()

# 反向传播
grad_x = np.where(mask_first(x, m.reshape(N, 1)), c.reshape(N, 1), 0)
