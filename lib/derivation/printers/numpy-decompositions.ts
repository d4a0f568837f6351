/** Decompositions of matrices whose signs are fixed, in Python. */
export const DECOMPOSED: Readonly<Record<string, string>> = {
	eigen_system: `def eigen_system(x):
    values, vectors = np.linalg.eigh((x + np.swapaxes(x, -1, -2)) / 2)
    return np.concatenate([values[..., None, :], vectors * leading_signs(vectors)], -2)`,
	singular_system: `def singular_system(x):
    u, values, vt = np.linalg.svd(x, full_matrices=False)
    sign = leading_signs(u)
    v = np.swapaxes(vt, -1, -2) * sign
    return np.concatenate([u * sign, values[..., None, :], v], -2)`,
	stacked_qr: `def stacked_qr(x):
    q, r = np.linalg.qr(x)
    sign = np.where(np.diagonal(r, 0, -2, -1) < 0, -1, 1)
    return np.concatenate([q * sign[..., None, :], r * sign[..., None]], -2)`,
	pivot_order: `def pivot_order(x):
    order = np.zeros(x.shape[:-1], int)
    for at in np.ndindex(x.shape[:-2]):
        order[at] = np.arange(x.shape[-2])
        for k in range(np.min(x.shape[-2:])):
            rest = elimination(x[at][order[at]][:, : k + 1], k)[k:, k]
            row = k + np.argmax(np.abs(rest))
            order[at][[k, row]] = order[at][[row, k]]
    return order`,
	elimination: `def elimination(x, steps=None):
    out = np.array(x, float)
    for k in range(np.min(x.shape[-2:]) if steps is None else steps):
        pivot, below = out[..., k : k + 1, k], out[..., k + 1 :, k]
        empty = (pivot == 0) & (below == 0)
        out[..., k + 1 :, k] = np.where(empty, 0, below / np.where(empty, 1, pivot))
        out[..., k + 1 :, k + 1 :] -= below[..., None] * out[..., k : k + 1, k + 1 :]
    return out`,
	matrix_exponential: `def matrix_exponential(x, *along):
    for i, h in enumerate(along):
        h = np.kron(np.eye(2**i), h)
        x = np.concatenate([np.concatenate([x, h], -1), np.concatenate([0 * x, x], -1)], -2)
    n = x.shape[-1]
    size = np.abs(x).sum(-2).max(initial=0)
    steps = int(np.ceil(np.log2(size))) + 1 if size > 0.5 else 0
    term = out = np.broadcast_to(np.eye(n), x.shape)
    for k in range(1, 20):
        term = term @ x / (k * 2**steps)
        out = out + term
    for _ in range(steps):
        out = out @ out
    rows = n // 2 ** len(along)
    return out[..., :rows, n - rows :]`,
	symmetric_root: `def symmetric_root(x):
    values, vectors = np.linalg.eigh((x + np.swapaxes(x, -1, -2)) / 2)
    return (vectors * np.sqrt(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2)`,
	symmetric_logarithm: `def symmetric_logarithm(x):
    values, vectors = np.linalg.eigh((x + np.swapaxes(x, -1, -2)) / 2)
    return (vectors * np.log(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2)`,
	root_slope: `def root_slope(y, e):
    values, vectors = np.linalg.eigh((y + np.swapaxes(y, -1, -2)) / 2)
    turned = np.swapaxes(vectors, -1, -2)
    sums = values[..., :, None] + values[..., None, :]
    return vectors @ ((turned @ e @ vectors) / sums) @ turned`,
	logarithm_slope: `def logarithm_slope(y, e):
    values, vectors = np.linalg.eigh((y + np.swapaxes(y, -1, -2)) / 2)
    turned = np.swapaxes(vectors, -1, -2)
    p, q = values[..., :, None], values[..., None, :]
    gap = np.where(p == q, 1, np.abs(p - q))
    slope = np.exp(-np.maximum(p, q)) * np.where(p == q, 1, gap / -np.expm1(-gap))
    return vectors @ (slope * (turned @ e @ vectors)) @ turned`,
	leading_signs: `def leading_signs(columns):
    sizes = np.abs(columns)
    if columns.size == 0:
        return np.ones(columns.shape[-1:])
    leading = np.argmax(sizes >= (1 - 2**-26) * sizes.max(-2, keepdims=True), -2)
    return np.where(np.take_along_axis(columns, leading[..., None, :], -2) < 0, -1, 1)`,
};
