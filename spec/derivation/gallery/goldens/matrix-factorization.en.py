import numpy as np

# Given: P (U×K), Q (I×K), R (U×I), known (U×I), lam ()

# Forward
E = (P.dot(Q.T) - R) * known
loss = (np.square(E).sum() + lam * (np.square(P).sum() + np.square(Q).sum())) / 2

# Backward
grad_E = E
grad_P = lam * P + (E * known).dot(Q)
grad_Q = lam * Q + (E * known).T.dot(P)
