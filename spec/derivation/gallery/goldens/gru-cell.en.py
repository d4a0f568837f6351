import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# Given: Wz (D×H), Uz (H×H), Wr (D×H), Ur (H×H), Wn (D×H), Un (H×H), h (N×H), x (N×D), C (N×H)

# Forward
az = x.dot(Wz) + h.dot(Uz)
z = sigmoid(az)
ar = x.dot(Wr) + h.dot(Ur)
r = sigmoid(ar)
s = r * h
an = x.dot(Wn) + s.dot(Un)
n = np.tanh(an)
out = (1 - z) * n + z * h
loss = (out * C).sum()

# Backward
grad_z = (h - n) * C
grad_az = grad_z * z * (1 - z)
grad_Wz = x.T.dot(grad_az)
grad_Uz = h.T.dot(grad_az)
grad_n = C * (1 - z)
grad_an = grad_n * (1 - np.square(n))
grad_Wn = x.T.dot(grad_an)
grad_Un = s.T.dot(grad_an)
grad_s = grad_an.dot(Un.T)
grad_r = grad_s * h
grad_ar = grad_r * r * (1 - r)
grad_Wr = x.T.dot(grad_ar)
grad_Ur = h.T.dot(grad_ar)
