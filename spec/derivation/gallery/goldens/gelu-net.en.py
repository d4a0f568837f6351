import numpy as np

import math

def erfc(x):
    return np.vectorize(math.erfc, otypes=[float])(x)

# Given: w1 (D×H), w2 (H×K), x (N×D), y (N×K)

# Forward
z = x.dot(w1)
a = 0.5 * z * erfc(-z / np.sqrt(2))
out = a.dot(w2)
loss = np.square(out - y).sum()

# Backward
grad_out = 2.0 * (out - y)
grad_w2 = a.T.dot(grad_out)
grad_a = grad_out.dot(w2.T)
grad_z = grad_a * (erfc(-np.sqrt(2) / 2 * z) / 2 + 1 / np.sqrt(2 * np.pi) * np.exp(-0.5 * np.square(z)) * z)
grad_w1 = x.T.dot(grad_z)
