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

# Given: w (O×I×K×K), b (O), x (N×I×L×W)
O = w.shape[0]
K = w.shape[2]

# Forward
z = convolve(x, w, stride=(1, 1), dilation=(1, 1), padding=((0, 0), (0, 0)), groups=1) + b.reshape(O, 1, 1)
a = np.maximum(z, 0)
loss = a.sum()

# Backward
grad_z = np.where(z > 0, 1, 0)
grad_w = convolve_filter(x, grad_z, size=(K, K), stride=(1, 1), dilation=(1, 1), padding=((0, 0), (0, 0)), groups=1)
grad_b = grad_z.sum(axis=(0, 2, 3))
