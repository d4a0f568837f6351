import numpy as np

# 已知: A (D×R), B (R×K), W (D×K), x (N×D), y (N×K)

# 前向传播
h = x.dot(A)
out = x.dot(W) + h.dot(B)
loss = np.square(out - y).sum()

# 反向传播
grad_out = 2.0 * (out - y)
grad_B = h.T.dot(grad_out)
grad_h = grad_out.dot(B.T)
grad_A = x.T.dot(grad_h)
