import numpy as np

# 已知: w (D×K), b (K), x (N×T×D), C (N×T×K)

# 前向传播
z = x.dot(w) + b
loss = (z * C).sum()

# 反向传播
grad_w = np.einsum("ijk,ijl->kl", x, C)
grad_b = C.sum(axis=(0, 1))
