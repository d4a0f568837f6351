import numpy as np

# 已知: x (D), A (D×D)

# 前向传播
dot1 = A.dot(x)
dot2 = x.dot(dot1)
s = x.dot(x)
rho = dot2 / s

# 反向传播
grad_dot1 = x / s
grad_x = (dot1 - 2.0 * x * dot2 / s) / s + A.T.dot(grad_dot1)
