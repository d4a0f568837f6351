import numpy as np

# Given: w (I×K), x (N×I×L×W), y (N×K)

# Forward
m = x.mean(axis=(2, 3))
p = m.dot(w)
loss = np.square(p - y).sum()

# Backward
grad_p = 2.0 * (p - y)
grad_w = m.T.dot(grad_p)
