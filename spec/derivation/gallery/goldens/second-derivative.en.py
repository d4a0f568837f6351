import numpy as np

# Given: x (D)

# Forward
slope = 3.0 * x ** 2
loss = slope.sum()

# Backward
grad_x = 6.0 * x
