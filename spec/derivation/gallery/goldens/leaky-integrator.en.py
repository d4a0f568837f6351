import numpy as np

# Given: leak (H), W (D×H), x (T×D), v0 (H), y (T×H)
T = x.shape[0]
H = leak.shape[0]
D = W.shape[0]

# Forward
v = v0
vs = np.empty((T, H))
vs_in = np.empty((T, H))
for t in range(T):
    vs_in[t] = v
    v = v * leak + x[t].dot(W)
    vs[t] = v
loss = np.square(vs - y).sum()

# Backward
grad_vs = 2.0 * (vs - y)
grad_v = np.zeros((H,))
grad_leak = np.zeros((H,))
grad_W = np.zeros((D, H))
for t in reversed(range(T)):
    grad_v = grad_v + grad_vs[t]
    grad_leak += grad_v * vs_in[t]
    grad_W += np.outer(x[t], grad_v)
    grad_v = grad_v * leak
