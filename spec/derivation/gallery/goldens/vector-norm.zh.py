import numpy as np

def norm(x, axis=None, keepdims=False):
    return np.sqrt(np.square(x).sum(axis=axis, keepdims=keepdims))

# 已知: x (D), a (D)

# 前向传播
loss = norm(x - a)

# 反向传播
grad_x = np.where(loss > 0, (x - a) / loss, 0)
