import numpy as np

def untake(g, indices, axis, size):
    indices = np.asarray(indices)
    out = np.zeros((size,) + g.shape[:axis] + g.shape[axis + indices.ndim :])
    places = range(indices.ndim)
    np.add.at(out, indices, np.moveaxis(g, [axis + i for i in places], list(places)))
    return np.moveaxis(out, 0, axis)

# Given: E (V×D), ids (N), y (N×D)
V = E.shape[0]

# Forward
x = np.take(E, ids, axis=0)
loss = np.square(x - y).sum()

# Backward
grad_x = 2.0 * (x - y)
grad_E = untake(grad_x, ids, axis=0, size=V)
