import numpy as np

# 已知: W (D×H), U (H×H), b (H), x (T×N×D), h0 (N×H), y (T×N×H)
T = x.shape[0]
N = x.shape[1]
H = W.shape[1]
D = W.shape[0]

# 前向传播
h = h0
hs = np.empty((T, N, H))
hs_in = np.empty((T, N, H))
for t in range(T):
    hs_in[t] = h
    a = x[t].dot(W) + h.dot(U) + b
    h = np.tanh(a)
    hs[t] = h
loss = np.square(hs - y).sum()

# 反向传播
grad_hs = 2.0 * (hs - y)
grad_h = np.zeros((N, H))
grad_W = np.zeros((D, H))
grad_U = np.zeros((H, H))
grad_b = np.zeros((H,))
for t in reversed(range(T)):
    grad_h = grad_h + grad_hs[t]
    grad_a = grad_h * (1 - np.square(hs[t]))
    grad_W += x[t].T.dot(grad_a)
    grad_U += hs_in[t].T.dot(grad_a)
    grad_b += grad_a.sum(axis=0)
    grad_h = grad_a.dot(U.T)
