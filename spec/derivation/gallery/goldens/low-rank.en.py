import numpy as np

# Given: A (D×R), B (R×K), W (D×K), x (N×D), y (N×K)

# Forward
h = x.dot(A)
out = x.dot(W) + h.dot(B)
loss = np.square(out - y).sum()

# Backward
grad_out = 2.0 * (out - y)
grad_B = h.T.dot(grad_out)
grad_h = grad_out.dot(B.T)
grad_A = x.T.dot(grad_h)
