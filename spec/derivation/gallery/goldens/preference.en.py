import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# Given: chosen (N), rejected (N), beta ()

# Forward
m = beta * (chosen - rejected)
loss = -(-np.logaddexp(0, -m)).sum()

# Backward
grad_m = sigmoid(m) - 1
grad_chosen = grad_m * beta
grad_rejected = -grad_chosen
