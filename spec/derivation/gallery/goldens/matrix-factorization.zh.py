import numpy as np

# 已知: P (U×K), Q (I×K), R (U×I), known (U×I), lam ()

# 前向传播
E = (P.dot(Q.T) - R) * known
loss = (np.square(E).sum() + lam * (np.square(P).sum() + np.square(Q).sum())) / 2

# 反向传播
grad_E = E
grad_P = lam * P + (E * known).dot(Q)
grad_Q = lam * Q + (E * known).T.dot(P)
