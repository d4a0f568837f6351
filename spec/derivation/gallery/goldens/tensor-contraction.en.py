import numpy as np

# Given: x (I), W (I×J×K), y (J×K)

# Forward
einsum1 = np.einsum("i,ijk->jk", x, W)
loss = np.einsum("jk,jk->", einsum1, y)

# Backward
grad_x = np.einsum("jk,ijk->i", y, W)
grad_W = np.einsum("i,jk->ijk", x, y)
grad_y = einsum1
