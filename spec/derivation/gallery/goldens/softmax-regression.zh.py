import numpy as np

def log_softmax(x, axis):
    shifted = x - x.max(axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))

# 已知: w (D×K), b (K), x (N×D), y (N×K)
N = x.shape[0]

# 前向传播
z = x.dot(w) + b
logp = log_softmax(z, axis=1)
loss = -(y * logp).sum(axis=1).mean()

# 反向传播
grad_z = (np.exp(logp) - y) / N
grad_w = x.T.dot(grad_z)
grad_b = grad_z.sum(axis=0)
