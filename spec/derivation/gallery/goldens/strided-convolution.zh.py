import numpy as np

def convolve(x, w, stride, dilation, padding, groups):
    padded = np.pad(x, ((0, 0), (0, 0), *padding))
    view = windows(padded, w.shape[2:], stride, dilation)
    (n, c, rows, columns), outputs = view.shape[:4], w.shape[0]
    view = view.reshape(n, groups, c // groups, rows, columns, *w.shape[2:])
    w = w.reshape(groups, outputs // groups, *w.shape[1:])
    out = np.einsum("ngcijab,gocab->ngoij", view, w)
    return out.reshape(n, outputs, rows, columns)

def convolve_filter(x, g, size, stride, dilation, padding, groups):
    padded = np.pad(x, ((0, 0), (0, 0), *padding))
    view = windows(padded, size, stride, dilation)
    (n, c), outputs = view.shape[:2], g.shape[1]
    view = view.reshape(n, groups, c // groups, *view.shape[2:])
    g = g.reshape(n, groups, outputs // groups, *g.shape[2:])
    out = np.einsum("ngcijab,ngoij->gocab", view, g)
    return out.reshape(outputs, c // groups, *size)

def windows(x, size, stride, dilation):
    reach = [d * (n - 1) + 1 for n, d in zip(size, dilation)]
    view = np.lib.stride_tricks.sliding_window_view(x, reach, axis=(-2, -1))
    return view[..., :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]

# 已知: w (O×I×K), x (N×I×L)
# 仅适用于这些形状: w (4×3×2), x (2×3×6)
N = x.shape[0]
I = w.shape[1]
L = x.shape[2]
O = w.shape[0]
K = w.shape[2]

# 前向传播
z = convolve(x.reshape(N, I, 1, L), w.reshape(O, I, 1, K), stride=(1, 2), dilation=(1, 1), padding=((0, 0), (0, 0)), groups=1).reshape(N, O, 3)
loss = np.square(z).sum()

# 反向传播
grad_z = 2.0 * z
grad_w = convolve_filter(x.reshape(N, I, 1, L), grad_z.reshape(N, O, 1, 3), size=(1, K), stride=(1, 2), dilation=(1, 1), padding=((0, 0), (0, 0)), groups=1).reshape(O, I, K)
