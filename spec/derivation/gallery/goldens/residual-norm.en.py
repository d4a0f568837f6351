import numpy as np

# Given: X (M×N), A (K×M), B (N×P), C (K×P)

# Forward
R = A.dot(X).dot(B) + C
loss = np.square(R).sum()

# Backward
grad_R = 2.0 * R
grad_X = A.T.dot(grad_R.dot(B.T))
