import numpy as np

# Given: w1 (D×H), b1 (H), w2 (H×K), b2 (K), w3 (K×M), b3 (M), x (N×D), y (N×M)

# Forward
z1 = x.dot(w1) + b1
a1 = np.tanh(z1)
z2 = a1.dot(w2) + b2
a2 = np.tanh(z2)
z3 = a2.dot(w3) + b3
sub1 = z3 - y
loss = np.square(sub1).sum() / 2

# Backward
grad_z3 = sub1
grad_w3 = a2.T.dot(sub1)
grad_b3 = sub1.sum(axis=0)
grad_a2 = sub1.dot(w3.T)
grad_z2 = grad_a2 * (1 - np.square(a2))
grad_w2 = a1.T.dot(grad_z2)
grad_b2 = grad_z2.sum(axis=0)
grad_a1 = grad_z2.dot(w2.T)
grad_z1 = grad_a1 * (1 - np.square(a1))
grad_w1 = x.T.dot(grad_z1)
grad_b1 = grad_z1.sum(axis=0)
