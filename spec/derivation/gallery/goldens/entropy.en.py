import numpy as np

def log_softmax(x, axis):
    shifted = x - x.max(axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))

# Given: z (K)

# Forward
logp = log_softmax(z, axis=0)
p = np.exp(logp)
loss = -(p * logp).sum()

# Backward
grad_logp = -(p + p * logp)
grad_z = grad_logp - grad_logp.sum() * p
