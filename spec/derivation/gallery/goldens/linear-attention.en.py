import numpy as np

# Given: Q (T×D), K (L×D), V (L×E), C (T×E)

# Forward
M = K.T.dot(V)
O = Q.dot(M)
loss = (O * C).sum()

# Backward
grad_Q = C.dot(M.T)
grad_M = Q.T.dot(C)
grad_K = V.dot(grad_M.T)
grad_V = K.dot(grad_M)
