import numpy as np

def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=axis, keepdims=True)

# 已知: Q (T×D), K (T×D), V (T×E), C (T×E)
T = Q.shape[0]
D = Q.shape[1]

c1 = np.tril(np.ones((T, T), dtype=np.bool_))

# 前向传播
S = Q.dot(K.T) / D ** 0.5
P = softmax(np.where(c1, S, -np.inf), axis=1)
O = P.dot(V)
loss = (O * C).sum()

# 反向传播
grad_V = P.T.dot(C)
grad_P = C.dot(V.T)
grad_S = np.where(c1, (grad_P - (grad_P * P).sum(axis=1, keepdims=True)) * P, 0)
grad_Q = (grad_S / D ** 0.5).dot(K)
grad_K = (grad_S / D ** 0.5).T.dot(Q)
