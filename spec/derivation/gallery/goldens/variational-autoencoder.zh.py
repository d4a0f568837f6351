import numpy as np

def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

# 已知: wm (D×Z), ws (D×Z), wd (Z×D), x (N×D), eps (N×Z)

# 前向传播
mu = x.dot(wm)
rho = x.dot(ws)
sigma = np.exp(rho)
z = mu + sigma * eps
out = z.dot(wd)
exp1 = np.exp(rho * 2)
loss = (np.logaddexp(0, out) - x * out).sum() + ((exp1 + np.square(mu) - 1) / 2 - rho).sum()

# 反向传播
grad_out = sigmoid(out) - x
grad_wd = z.T.dot(grad_out)
grad_z = grad_out.dot(wd.T)
grad_mu = mu + grad_z
grad_wm = x.T.dot(grad_mu)
grad_sigma = grad_z * eps
grad_rho = exp1 + grad_sigma * sigma - 1
grad_ws = x.T.dot(grad_rho)
