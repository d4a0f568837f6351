import numpy as np

def norm(x, axis=None, keepdims=False):
    return np.sqrt(np.square(x).sum(axis=axis, keepdims=keepdims))

# Given: X (M×N)

# Forward
norm1 = norm(X)
loss = np.square(norm1)

# Backward
grad_X = 2.0 * norm1 * np.where(norm1 > 0, X / norm1, 0)
