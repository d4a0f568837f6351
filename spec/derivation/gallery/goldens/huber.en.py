import numpy as np

# Given: p (N), y (N)
N = p.shape[0]

# Forward
clip1 = np.clip(p - y, -1, 1)
loss = (clip1 * (p - y - 0.5 * clip1)).mean()

# Backward
grad_p = clip1 / N
