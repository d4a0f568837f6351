import numpy as np

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

# Given: x (N×I×2·P×2·Q)
N = x.shape[0]
I = x.shape[1]
P = x.shape[2] // 2
Q = x.shape[3] // 2

# Forward
p = windows(x, (2, 2), stride=(2, 2), dilation=(1, 1)).mean(axis=(4, 5))
loss = np.square(p).sum()

# Backward
grad_p = 2.0 * p
grad_x = add_windows(np.broadcast_to(grad_p.reshape(N, I, P, Q, 1, 1), (N, I, P, Q, 2, 2)) / 4, (2 * P, 2 * Q), stride=(2, 2), dilation=(1, 1))
