import numpy as np

# Given: w1 (D×H), w2 (H×K), A (N×N), x (N×D), y (N×K)

# Forward
s = A.dot(x)
z = s.dot(w1)
h = np.maximum(z, 0)
t = A.dot(h)
out = t.dot(w2)
loss = np.square(out - y).sum()

# Backward
grad_out = 2.0 * (out - y)
grad_w2 = t.T.dot(grad_out)
grad_t = grad_out.dot(w2.T)
grad_h = A.T.dot(grad_t)
grad_z = grad_h.copy()
grad_z[z <= 0] = 0
grad_w1 = s.T.dot(grad_z)
