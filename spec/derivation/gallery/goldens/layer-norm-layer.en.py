import numpy as np

# Given: scale (D), bias (D), x (N×D), y (N×D)

# Forward
mean1 = x.mean(axis=1, keepdims=True)
sqrt1 = np.sqrt(np.square(x - mean1).mean(axis=1, keepdims=True) + 0.00001)
x_hat = (x - mean1) / sqrt1
out = x_hat * scale + bias
loss = np.square(out - y).sum()

# Backward
grad_out = 2.0 * (out - y)
grad_scale = (grad_out * x_hat).sum(axis=0)
grad_bias = grad_out.sum(axis=0)
grad_x_hat = grad_out * scale
grad_x = (grad_x_hat - (grad_x_hat * x_hat).mean(axis=1, keepdims=True) * x_hat - grad_x_hat.mean(axis=1, keepdims=True)) / sqrt1
