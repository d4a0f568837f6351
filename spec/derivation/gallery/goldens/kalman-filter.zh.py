import numpy as np

# 已知: a (N), q (N), r (N), y (T×N), m0 (N), p0 (N), C (T×N)
T = y.shape[0]
N = a.shape[0]

# 前向传播
m = m0
p = p0
ys = np.empty((T, N))
es = np.empty((T, N))
variances = np.empty((T, N))
divs = np.empty((T, N))
ks = np.empty((T, N))
ss = np.empty((T, N))
ps_in = np.empty((T, N))
ms_in = np.empty((T, N))
for t in range(T):
    ps_in[t] = p
    ms_in[t] = m
    mean = m * a
    variance = p * np.square(a) + q
    variances[t] = variance
    s = variance + r
    ss[t] = s
    k = variance / s
    ks[t] = k
    e = y[t] - mean
    es[t] = e
    m = mean + k * e
    p = (1 - k) * variance
    div = np.square(e) / s
    divs[t] = div
    ys[t] = div + np.log(s)
loss = (ys * C).sum()

# 反向传播
grad_m = np.zeros((N,))
grad_p = np.zeros((N,))
grad_a = np.zeros((N,))
grad_q = np.zeros((N,))
grad_r = np.zeros((N,))
for t in reversed(range(T)):
    grad_k = grad_m * es[t] - grad_p * variances[t]
    grad_s = (C[t] - C[t] * divs[t] - grad_k * ks[t]) / ss[t]
    grad_r += grad_s
    grad_variance = grad_p * (1 - ks[t]) + grad_k * (1 / ss[t]) + grad_s
    grad_q += grad_variance
    grad_e = 2.0 * (C[t] * (1 / ss[t])) * es[t] + grad_m * ks[t]
    grad_mean = grad_m - grad_e
    grad_a += 2.0 * grad_variance * ps_in[t] * a + grad_mean * ms_in[t]
    grad_m = grad_mean * a
    grad_p = grad_variance * np.square(a)
grad_ys = C
