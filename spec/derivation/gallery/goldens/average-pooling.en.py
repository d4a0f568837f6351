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

# Given: x (N×I×L×W)
# Holds for these shapes only: x (2×3×4×6)
N = x.shape[0]
I = x.shape[1]
L = x.shape[2]
W = x.shape[3]

# Forward
p = windows(x, (2, 2), stride=(2, 2), dilation=(1, 1)).mean(axis=(4, 5))
loss = np.square(p).sum()

# Backward
grad_x = add_windows(np.broadcast_to(p.reshape(N, I, 2, 3, 1, 1), (N, I, 2, 3, 2, 2)) / 2, (L, W), stride=(2, 2), dilation=(1, 1))
