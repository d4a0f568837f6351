import numpy as np

def mask_first(x, value):
    value = value.reshape((1,) * (x.ndim - value.ndim) + value.shape)
    kept = [i for i in range(x.ndim) if value.shape[i] == x.shape[i]]
    order = kept + [i for i in range(x.ndim) if i not in kept]
    found = np.transpose(x == value, order)
    slices = found.reshape(int(np.prod(found.shape[: len(kept)])), -1) if x.size else found
    first = slices & (np.cumsum(slices, axis=-1) == 1) if x.size else found
    return np.transpose(first.reshape(found.shape), np.argsort(order))

# 已知: x (N×K), c (N)
N = x.shape[0]

# 前向传播
m = x.max(axis=1)
loss = (m * c).sum()

# 反向传播
grad_x = np.where(mask_first(x, m.reshape(N, 1)), c.reshape(N, 1), 0)
