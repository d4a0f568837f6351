import numpy as np

# Given: x (T)
T = x.shape[0]

# Forward
d = x[1:] - x[:T - 1]
loss = np.square(d).sum()

# Backward
grad_d = 2.0 * d
grad_x = np.zeros((T,))
grad_x[:T - 1] += -grad_d
grad_x[1:] += grad_d
