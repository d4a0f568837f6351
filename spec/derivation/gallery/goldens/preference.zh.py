import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# 已知: chosen (N), rejected (N), beta ()

# 前向传播
m = beta * (chosen - rejected)
loss = -(-np.logaddexp(0, -m)).sum()

# 反向传播
grad_m = sigmoid(m) - 1
grad_chosen = grad_m * beta
grad_rejected = -grad_chosen
