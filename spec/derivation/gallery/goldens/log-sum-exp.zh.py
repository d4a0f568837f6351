import numpy as np

def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=axis, keepdims=True)

def logsumexp(x, axis=None, keepdims=False):
    greatest = x.max(axis=axis, keepdims=True, initial=-np.inf)
    total = greatest + np.log(np.exp(x - greatest).sum(axis=axis, keepdims=True))
    return total if keepdims else np.squeeze(total, axis=axis)

# 已知: z (K)

# 前向传播
loss = logsumexp(z)

# 反向传播
grad_z = softmax(z, axis=0)
