import numpy as np

def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=axis, keepdims=True)

# 已知: Q (H×T×D), K (H×T×D), V (H×T×D), C (H×T×D)
D = Q.shape[2]

# 前向传播
S = Q @ K.transpose(0, 2, 1) / D ** 0.5
P = softmax(S, axis=2)
O = P @ V
loss = (O * C).sum()

# 反向传播
grad_V = P.transpose(0, 2, 1) @ C
grad_P = C @ V.transpose(0, 2, 1)
grad_S = (grad_P - (grad_P * P).sum(axis=2, keepdims=True)) * P
term1 = grad_S / D ** 0.5
grad_Q = term1 @ K
grad_K = (Q.transpose(0, 2, 1) @ term1).transpose(0, 2, 1)
