import numpy as np

def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=axis, keepdims=True)

# 已知: wq (M×D), wk (M×D), wv (M×E), x (T×M), C (T×E)
D = wq.shape[1]

# 前向传播
Q = x.dot(wq)
K = x.dot(wk)
V = x.dot(wv)
S = Q.dot(K.T) / D ** 0.5
P = softmax(S, axis=1)
O = P.dot(V)
loss = (O * C).sum()

# 反向传播
grad_P = C.dot(V.T)
grad_S = (grad_P - (grad_P * P).sum(axis=1, keepdims=True)) * P
term1 = grad_S / D ** 0.5
grad_Q = term1.dot(K)
grad_wq = x.T.dot(grad_Q)
grad_K = term1.T.dot(Q)
grad_wk = x.T.dot(grad_K)
grad_V = P.T.dot(C)
grad_wv = x.T.dot(grad_V)
