import numpy as np

def log_softmax(x, axis):
    shifted = x - x.max(axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))

# 已知: z (N×K), a (N×K), R (N)
N = z.shape[0]

# 前向传播
logp = log_softmax(z, axis=1)
loss = -((a * logp).sum(axis=1) * R).sum()

# 反向传播
grad_z = (np.exp(logp) - a) * R.reshape(N, 1)
