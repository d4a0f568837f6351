import numpy as np

def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=axis, keepdims=True)

def log_softmax(x, axis):
    shifted = x - x.max(axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))

def logsumexp(x, axis=None, keepdims=False):
    greatest = x.max(axis=axis, keepdims=True, initial=-np.inf)
    total = greatest + np.log(np.exp(x - greatest).sum(axis=axis, keepdims=True))
    return total if keepdims else np.squeeze(total, axis=axis)

# Given: mu (K), a (K), x (N)
N = x.shape[0]

# Forward
d = x.reshape(N, 1) - mu
logpi = log_softmax(a, axis=0)
q = logpi - np.square(d) / 2
loss = -logsumexp(q, axis=1).sum()

# Backward
grad_q = -softmax(q, axis=1)
grad_mu = (grad_q * d).sum(axis=0)
grad_logpi = grad_q.sum(axis=0)
grad_a = grad_logpi - grad_q.sum() * np.exp(logpi)
