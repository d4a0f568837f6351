import numpy as np

def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=axis, keepdims=True)

# 已知: wg (D×K), we (D×K), x (N×D), c (N)
N = x.shape[0]

# 前向传播
z = x.dot(wg)
g = softmax(z, axis=1)
e = x.dot(we)
loss = ((g * e).sum(axis=1) * c).sum()

# 反向传播
grad_g = c.reshape(N, 1) * e
grad_z = (grad_g - (grad_g * g).sum(axis=1, keepdims=True)) * g
grad_wg = x.T.dot(grad_z)
grad_e = c.reshape(N, 1) * g
grad_we = x.T.dot(grad_e)
