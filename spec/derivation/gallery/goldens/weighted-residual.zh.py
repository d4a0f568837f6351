import numpy as np

# 已知: s (N), A (M×N), x (M), W (M×M)

# 前向传播
r = x - A.dot(s)
dot1 = W.dot(r)
loss = r.dot(dot1)

# 反向传播
grad_r = dot1 + W.T.dot(r)
term1 = -grad_r
grad_s = A.T.dot(term1)
grad_A = np.outer(term1, s)
