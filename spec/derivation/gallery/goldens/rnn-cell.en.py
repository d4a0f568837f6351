import numpy as np

# Given: W (D×H), U (H×H), b (H), h (N×H), x (N×D), C (N×H)

# Forward
a = x.dot(W) + h.dot(U) + b
out = np.tanh(a)
loss = (out * C).sum()

# Backward
grad_a = C * (1 - np.square(out))
grad_W = x.T.dot(grad_a)
grad_U = h.T.dot(grad_a)
grad_b = grad_a.sum(axis=0)
grad_h = grad_a.dot(U.T)
