import numpy as np

# Given: s (), l (), d2 (N×N), G (N×N)

# Forward
E = np.exp(d2 / np.square(l) * (-0.5))
K = np.square(s) * E
loss = (K * G).sum()

# Backward
grad_s = 2.0 * (G * E).sum() * s
grad_l = (K * G * (d2 / np.square(l))).sum() * l / np.square(l)
