import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# 已知: w (D), x (N×D), y (N), v (D)

# 前向传播
sigmoid1 = sigmoid(x.dot(w))
g = x.T.dot(-y + sigmoid1)
loss = g.dot(v)

# 反向传播
grad_sigmoid1 = x.dot(v)
grad_w = x.T.dot(grad_sigmoid1 * sigmoid1 * (1 - sigmoid1))
