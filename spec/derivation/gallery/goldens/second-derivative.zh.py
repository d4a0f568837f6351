import numpy as np

# 已知: x (D)

# 前向传播
slope = 3.0 * x ** 2
loss = slope.sum()

# 反向传播
grad_x = 6.0 * x
