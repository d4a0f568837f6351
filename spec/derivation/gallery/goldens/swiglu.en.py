import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# Given: wg (D×H), wv (D×H), wo (H×K), x (N×D), C (N×K)

# Forward
z = x.dot(wg)
gate = z / (1 + np.exp(-z))
v = x.dot(wv)
h = gate * v
out = h.dot(wo)
loss = (out * C).sum()

# Backward
grad_wo = h.T.dot(C)
grad_h = C.dot(wo.T)
grad_gate = grad_h * v
term1 = sigmoid(z)
grad_z = grad_gate * (term1 + (1 - term1) * gate)
grad_wg = x.T.dot(grad_z)
grad_v = grad_h * gate
grad_wv = x.T.dot(grad_v)
