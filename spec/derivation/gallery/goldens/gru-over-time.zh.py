import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# 已知: Wz (D×H), Uz (H×H), Wn (D×H), Un (H×H), x (T×N×D), h0 (N×H), C (N×H)
T = x.shape[0]
N = x.shape[1]
H = Wz.shape[1]
D = Wz.shape[0]

# 前向传播
h = h0
hs_in = np.empty((T, N, H))
ns = np.empty((T, N, H))
zs = np.empty((T, N, H))
for t in range(T):
    hs_in[t] = h
    az = x[t].dot(Wz) + h.dot(Uz)
    z = sigmoid(az)
    zs[t] = z
    an = x[t].dot(Wn) + h.dot(Un)
    n = np.tanh(an)
    ns[t] = n
    h = (1 - z) * n + z * h
loss = (h * C).sum()

# 反向传播
grad_h = C
grad_Wz = np.zeros((D, H))
grad_Uz = np.zeros((H, H))
grad_Wn = np.zeros((D, H))
grad_Un = np.zeros((H, H))
for t in reversed(range(T)):
    grad_z = (hs_in[t] - ns[t]) * grad_h
    grad_az = grad_z * zs[t] * (1 - zs[t])
    grad_Wz += x[t].T.dot(grad_az)
    grad_Uz += hs_in[t].T.dot(grad_az)
    grad_n = grad_h * (1 - zs[t])
    grad_an = grad_n * (1 - np.square(ns[t]))
    grad_Wn += x[t].T.dot(grad_an)
    grad_Un += hs_in[t].T.dot(grad_an)
    grad_h = grad_h * zs[t] + grad_an.dot(Un.T) + grad_az.dot(Uz.T)
