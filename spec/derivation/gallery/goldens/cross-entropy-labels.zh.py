import numpy as np

def log_softmax(x, axis):
    shifted = x - x.max(axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))

# 已知: z (N×K), labels (N)
K = z.shape[1]
N = z.shape[0]

# 前向传播
y = np.eye(K)[labels]
logp = log_softmax(z, axis=1)
loss = -(y * logp).sum(axis=1).mean()

# 反向传播
grad_z = (np.exp(logp) - y) / N
