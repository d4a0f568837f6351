import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# Given: w (D), x (N×D), y (N), v (D)

# Forward
sigmoid1 = sigmoid(x.dot(w))
g = x.T.dot(-y + sigmoid1)
loss = g.dot(v)

# Backward
grad_sigmoid1 = x.dot(v)
grad_w = x.T.dot(grad_sigmoid1 * sigmoid1 * (1 - sigmoid1))
