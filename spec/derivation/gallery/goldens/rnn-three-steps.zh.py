import numpy as np

# 已知: W (D×H), U (H×H), x1 (N×D), x2 (N×D), x3 (N×D), C (N×H)

# 前向传播
a1 = x1.dot(W)
h1 = np.tanh(a1)
a2 = x2.dot(W) + h1.dot(U)
h2 = np.tanh(a2)
a3 = x3.dot(W) + h2.dot(U)
h3 = np.tanh(a3)
loss = (h3 * C).sum()

# 反向传播
grad_a3 = C * (1 - np.square(h3))
grad_h2 = grad_a3.dot(U.T)
grad_a2 = grad_h2 * (1 - np.square(h2))
grad_U = h2.T.dot(grad_a3) + h1.T.dot(grad_a2)
grad_h1 = grad_a2.dot(U.T)
grad_a1 = grad_h1 * (1 - np.square(h1))
grad_W = x1.T.dot(grad_a1) + x2.T.dot(grad_a2) + x3.T.dot(grad_a3)
