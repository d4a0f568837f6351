import numpy as np

def log_softmax(x, axis):
    shifted = x - x.max(axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))

# Given: z (N×K), a (N×K), R (N)
N = z.shape[0]

# Forward
logp = log_softmax(z, axis=1)
loss = -((a * logp).sum(axis=1) * R).sum()

# Backward
grad_z = (np.exp(logp) - a) * R.reshape(N, 1)
