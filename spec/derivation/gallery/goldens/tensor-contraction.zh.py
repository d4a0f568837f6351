import numpy as np

# 已知: x (I), W (I×J×K), y (J×K)

# 前向传播
einsum1 = np.einsum("i,ijk->jk", x, W)
loss = np.einsum("jk,jk->", einsum1, y)

# 反向传播
grad_x = np.einsum("jk,ijk->i", y, W)
grad_W = np.einsum("i,jk->ijk", x, y)
grad_y = einsum1
