import numpy as np

# Given: scale (D), bias (D), x (N×D), y (N×D)

# Forward
mean1 = x.mean(axis=1, keepdims=True)
sqrt1 = np.sqrt(np.square(x - mean1).mean(axis=1, keepdims=True) + 0.00001)
div1 = (x - mean1) / sqrt1
out = div1 * scale + bias
loss = np.square(out - y).sum()

# Backward
grad_out = 2.0 * (out - y)
grad_scale = (grad_out * div1).sum(axis=0)
grad_bias = grad_out.sum(axis=0)
grad_div1 = grad_out * scale
grad_x = (grad_div1 - (grad_div1 * div1).mean(axis=1, keepdims=True) * div1 - grad_div1.mean(axis=1, keepdims=True)) / sqrt1
