import numpy as np

# Given: a (N×D), p (N×D), n (N×D)
N = a.shape[0]

# Forward
m = np.square(a - p).sum(axis=1) - np.square(a - n).sum(axis=1) + 1
loss = np.maximum(m, 0).sum()

# Backward
grad_m = np.where(m > 0, 1, 0)
term1 = -2.0 * grad_m.reshape(N, 1) * (a - n)
grad_n = -term1
term2 = 2.0 * grad_m.reshape(N, 1) * (a - p)
grad_a = term1 + term2
grad_p = -term2
