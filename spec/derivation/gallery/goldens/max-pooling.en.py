import numpy as np

def mask_first(x, value):
    shape = (1,) * (x.ndim - value.ndim) + value.shape
    axes = tuple(np.flatnonzero(np.equal(shape, 1)))
    place = np.where(x == value, np.arange(x.size).reshape(x.shape), x.size)
    return (x == value) & (place == place.min(axes, keepdims=True, initial=x.size))

def windows(x, size, stride, dilation):
    reach = [d * (n - 1) + 1 for n, d in zip(size, dilation)]
    view = np.lib.stride_tricks.sliding_window_view(x, reach, axis=(-2, -1))
    return view[..., :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]

def add_windows(g, image, stride, dilation):
    out = np.zeros(g.shape[:-4] + tuple(image))
    rows, columns, height, width = g.shape[-4:]
    for a in range(height):
        for b in range(width):
            i = a * dilation[0] + stride[0] * np.arange(rows)
            j = b * dilation[1] + stride[1] * np.arange(columns)
            out[..., i[:, None], j] += g[..., a, b]
    return out

# Given: x (N×I×2·P)
N = x.shape[0]
I = x.shape[1]
P = x.shape[2] // 2

# Forward
windows1 = windows(x.reshape(N, I, 1, 2 * P), (1, 2), stride=(1, 2), dilation=(1, 1))
max1 = windows1.max(axis=(4, 5))
p = max1.reshape(N, I, P)
loss = np.square(p).sum()

# Backward
grad_p = 2.0 * p
grad_windows1 = np.where(mask_first(windows1, max1.reshape(N, I, 1, P, 1, 1)), grad_p.reshape(N, I, 1, P, 1, 1), 0)
grad_x = add_windows(grad_windows1, (1, 2 * P), stride=(1, 2), dilation=(1, 1)).reshape(N, I, 2 * P)
