import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# Given: w (D), x (N×D), y (N)

# Forward
z = x.dot(w)
p = sigmoid(z)
loss = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum()

# Backward
grad_z = p - y
grad_w = x.T.dot(grad_z)
