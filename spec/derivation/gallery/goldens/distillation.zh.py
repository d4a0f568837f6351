import numpy as np

def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=axis, keepdims=True)

def log_softmax(x, axis):
    shifted = x - x.max(axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))

# 已知: z (N×K), v (N×K), T ()

# 前向传播
p = softmax(v / T, axis=1)
logq = log_softmax(z / T, axis=1)
loss = -(p * logq).sum()

# 反向传播
grad_z = (np.exp(logq) - p) / T
