import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# Given: z (N), y (N)

# Forward
p = sigmoid(y * z)
square1 = np.square(1 - p)
log1 = np.log(p)
loss = -(square1 * log1).sum()

# Backward
grad_z = (2.0 * log1 * p - (1 - p)) * square1 * y
