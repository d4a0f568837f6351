import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# Given: z (N), y (N)
N = z.shape[0]

# Forward
loss = (y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)).mean()

# Backward
grad_z = (sigmoid(z) - y) / N
