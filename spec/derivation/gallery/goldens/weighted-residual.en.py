import numpy as np

# Given: s (N), A (M×N), x (M), W (M×M)

# Forward
r = x - A.dot(s)
dot1 = W.dot(r)
loss = r.dot(dot1)

# Backward
grad_r = dot1 + W.T.dot(r)
term1 = -grad_r
grad_s = A.T.dot(term1)
grad_A = np.outer(term1, s)
