import { DECOMPOSED } from "./numpy-decompositions.ts";
import { SPECIAL } from "./numpy-special.ts";

/**
 * Python functions that NumPy lacks and the ops' NumPy notation uses, each under its name. One may
 * use others.
 */
const HELPERS: Readonly<Record<string, string>> = {
	erf: `def erf(x):
    return np.vectorize(math.erf, otypes=[float])(x)`,
	erfc: `def erfc(x):
    return np.vectorize(math.erfc, otypes=[float])(x)`,
	...SPECIAL,
	sigmoid: `def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))`,
	softmax: `def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=axis, keepdims=True)`,
	log_softmax: `def log_softmax(x, axis):
    shifted = x - x.max(axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))`,
	logsumexp: `def logsumexp(x, axis=None, keepdims=False):
    greatest = x.max(axis=axis, keepdims=True, initial=-np.inf)
    total = greatest + np.log(np.exp(x - greatest).sum(axis=axis, keepdims=True))
    return total if keepdims else np.squeeze(total, axis=axis)`,
	norm: `def norm(x, axis=None, keepdims=False):
    return np.sqrt(np.square(x).sum(axis=axis, keepdims=keepdims))`,
	power_norm: `def power_norm(x, axis=None, p=2.0, keepdims=False):
    size = np.abs(x)
    unit = size.max(axis, keepdims=True, initial=0)
    if p < 0:
        unit = size.min(axis, keepdims=True, initial=np.inf)
    usual = (unit > 0) & (unit < np.inf)
    part = (size / np.where(usual, unit, 1)) ** p
    out = np.where(usual, unit * part.sum(axis, keepdims=True) ** (1 / p), unit)
    return out if keepdims else np.squeeze(out, axis)`,
	...DECOMPOSED,
	scaled: `def scaled(g, factor):
    return np.where(g == 0, 0, g * factor)`,
	scaled_by_either: `def scaled_by_either(g, factor):
    return np.where((g == 0) | (factor == 0), 0, g * factor)`,
	mask_first: `def mask_first(x, value):
    shape = (1,) * (x.ndim - value.ndim) + value.shape
    axes = tuple(np.flatnonzero(np.equal(shape, 1)))
    place = np.where(x == value, np.arange(x.size).reshape(x.shape), x.size)
    return (x == value) & (place == place.min(axes, keepdims=True, initial=x.size))`,
	cumsum: `def cumsum(x, axis, reverse=False, exclusive=False):
    x = np.flip(x, axis) if reverse else x
    out = np.cumsum(x, axis=axis) - (x if exclusive else 0)
    return np.flip(out, axis) if reverse else out`,
	cumprod: `def cumprod(x, axis, reverse=False, exclusive=False):
    x = np.flip(x, axis) if reverse else x
    if exclusive:
        x = np.roll(x, 1, axis)
        np.moveaxis(x, axis, 0)[:1] = 1
    out = np.cumprod(x, axis=axis)
    return np.flip(out, axis) if reverse else out`,
	adjugate: `def adjugate(x, *along):
    if not along:
        u, s, vt = np.linalg.svd(x)
        sign = (np.linalg.det(u) * np.linalg.det(vt))[..., None, None]
        scaled_v = sign * np.swapaxes(vt, -1, -2) * prod_others(s, -1)[..., None, :]
        return scaled_v @ np.swapaxes(u, -1, -2)
    if len(along) >= x.shape[-1]:
        return np.zeros_like(x)
    y = np.linalg.inv(x)
    parts = [adjugate(x, *along[:i], *along[i + 1 :]) @ h for i, h in enumerate(along)]
    trace = np.trace(parts[-1], axis1=-2, axis2=-1)[..., None, None]
    return (trace * np.eye(x.shape[-1]) - np.sum(parts, axis=0)) @ y`,
	prod_others: `def prod_others(x, axis=None):
    axes = np.ravel(range(x.ndim) if axis is None else axis).astype(int)
    front = range(len(axes))
    moved = np.moveaxis(x, axes, front)
    lines = moved.reshape(-1, *moved.shape[len(axes) :]) if x.size else moved[:0]
    pairs = zip(products_before(lines), products_before(lines[::-1])[::-1])
    out = [np.ldexp(b * a, m + n) for (b, m), (a, n) in pairs]
    return np.moveaxis(np.reshape(out, moved.shape), front, axes)`,
	products_before: `def products_before(lines):
    product, exponent, out = np.ones(lines.shape[1:]), 0, []
    for line in lines:
        out.append((product, exponent))
        factor, power = np.frexp(line)
        product, shift = np.frexp(product * factor)
        exponent = exponent + power + shift
    return out`,
	linear_recurrence: `def linear_recurrence(a, b, axis, reverse=False):
    out = np.array(b)
    factors, y = np.moveaxis(a, axis, 0), np.moveaxis(out, axis, 0)
    order = range(len(y))[::-1] if reverse else range(len(y))
    for before, k in zip(order, order[1:]):
        y[k] += factors[k] * y[before]
    return out`,
	shift: `def shift(x, steps, axis):
    out = np.zeros_like(x)
    source, target = np.moveaxis(x, axis, 0), np.moveaxis(out, axis, 0)
    n = max(0, len(source) - abs(steps))
    target[max(0, steps) :][:n] = source[max(0, -steps) :][:n]
    return out`,
	gather: `def gather(x, indices):
    indices = np.asarray(indices)
    if indices.shape[-1] == 0:
        return np.broadcast_to(x, indices.shape[:-1] + x.shape)
    return x[tuple(np.moveaxis(indices, -1, 0))]`,
	ungather: `def ungather(g, indices, shape):
    indices = np.asarray(indices)
    out = np.zeros(shape)
    if indices.shape[-1] == 0:
        return g.sum(axis=tuple(range(indices.ndim - 1)))
    np.add.at(out, tuple(np.moveaxis(indices, -1, 0)), g)
    return out`,
	untake: `def untake(g, indices, axis, size):
    indices = np.asarray(indices)
    out = np.zeros((size,) + g.shape[:axis] + g.shape[axis + indices.ndim :])
    places = range(indices.ndim)
    np.add.at(out, indices, np.moveaxis(g, [axis + i for i in places], list(places)))
    return np.moveaxis(out, 0, axis)`,
	untake_along_axis: `def untake_along_axis(g, indices, axis, size):
    indices = np.asarray(indices)
    out = np.zeros(g.shape[:axis] + (size,) + g.shape[axis + 1 :])
    places = list(np.indices(indices.shape))
    places[axis] = indices
    np.add.at(out, tuple(places), g)
    return out`,
	winner_at: `def winner_at(rows, indices, shape, least=False, batches=0):
    indices = np.asarray(indices)
    out = np.full(shape, -1)
    for *batch, j in np.ndindex(indices.shape[:-1]):
        held, place = rows[tuple(batch)], (*batch, *indices[(*batch, j)])
        best = out[place]
        x, y = held[j], np.take_along_axis(held, np.maximum(best, 0)[None], axis=0)[0]
        beats = (x < y if least else x > y) | np.isnan(x) & ~np.isnan(y)
        out[place] = np.where((best < 0) | beats, j, best)
    return out`,
	unslice: `def unslice(g, shape, index):
    out = np.zeros(shape)
    out[index] = g
    return out`,
	add_slices: `def add_slices(slices, shape, indices):
    out = np.zeros(shape)
    for g, index in zip(slices, indices):
        out[index] += g
    return out`,
	undiagonal: `def undiagonal(g, shape, offset=0, axis1=0, axis2=1):
    out = np.zeros(shape)
    diagonal = np.diagonal(out, offset, axis1, axis2)
    diagonal.setflags(write=True)
    diagonal[...] = g
    return out`,
	cholesky: `def cholesky(x):
    return np.linalg.cholesky((x + np.swapaxes(x, -1, -2)) / 2)`,
	cholesky_gradient: `def cholesky_gradient(l, g):
    p = np.tril(np.swapaxes(np.tril(l), -1, -2) @ np.tril(g))
    half = solve_triangular(l, (p + np.tril(p, k=-1)) / 2, lower=True, trans=1)
    out = solve_triangular(l, np.swapaxes(half, -1, -2), lower=True, trans=1)
    return (out + np.swapaxes(out, -1, -2)) / 2`,
	solve_triangular: `def solve_triangular(a, b, lower=False, trans=0, unit_diagonal=False):
    a = np.tril(a) if lower else np.triu(a)
    if unit_diagonal:
        one = np.eye(a.shape[-1])
        a = a * (1 - one) + one
    return np.linalg.solve(np.swapaxes(a, -1, -2) if trans else a, b)`,
	convolve: `def convolve(x, w, stride, dilation, padding, groups):
    padded = np.pad(x, ((0, 0), (0, 0), *padding))
    view = windows(padded, w.shape[2:], stride, dilation)
    (n, c, rows, columns), outputs = view.shape[:4], w.shape[0]
    view = view.reshape(n, groups, c // groups, rows, columns, *w.shape[2:])
    w = w.reshape(groups, outputs // groups, *w.shape[1:])
    out = np.einsum("ngcijab,gocab->ngoij", view, w)
    return out.reshape(n, outputs, rows, columns)`,
	convolve_filter: `def convolve_filter(x, g, size, stride, dilation, padding, groups):
    padded = np.pad(x, ((0, 0), (0, 0), *padding))
    view = windows(padded, size, stride, dilation)
    (n, c), outputs = view.shape[:2], g.shape[1]
    view = view.reshape(n, groups, c // groups, *view.shape[2:])
    g = g.reshape(n, groups, outputs // groups, *g.shape[2:])
    out = np.einsum("ngcijab,ngoij->gocab", view, g)
    return out.reshape(outputs, c // groups, *size)`,
	convolve_input: `def convolve_input(g, w, image, stride, dilation, padding, groups):
    (n, outputs), c = g.shape[:2], w.shape[1]
    g = g.reshape(n, groups, outputs // groups, *g.shape[2:])
    w = w.reshape(groups, outputs // groups, *w.shape[1:])
    (top, bottom), (left, right) = padding
    padded = (image[0] + top + bottom, image[1] + left + right)
    out = np.einsum("ngoij,gocab->ngcijab", g, w)
    out = add_windows(out, padded, stride, dilation)
    out = out[..., top : top + image[0], left : left + image[1]]
    return out.reshape(n, groups * c, *image)`,
	windows: `def windows(x, size, stride, dilation):
    reach = [d * (n - 1) + 1 for n, d in zip(size, dilation)]
    view = np.lib.stride_tricks.sliding_window_view(x, reach, axis=(-2, -1))
    return view[..., :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]`,
	add_windows: `def add_windows(g, image, stride, dilation):
    out = np.zeros(g.shape[:-4] + tuple(image))
    rows, columns, height, width = g.shape[-4:]
    for a in range(height):
        for b in range(width):
            i = a * dilation[0] + stride[0] * np.arange(rows)
            j = b * dilation[1] + stride[1] * np.arange(columns)
            out[..., i[:, None], j] += g[..., a, b]
    return out`,
	search_sorted: `def search_sorted(a, x, side="left"):
    if a.ndim == 1:
        return np.searchsorted(a, x, side)
    lines = zip(a.reshape(-1, a.shape[-1]), x.reshape(-1, x.shape[-1]))
    found = [np.searchsorted(*line, side) for line in lines]
    return np.array(found).reshape(x.shape).astype(int)`,
	complex_dft: `def complex_dft(x, inverse=False, norm="backward"):
    y = x[..., 0, :] + 1j * x[..., 1, :]
    y = np.fft.ifft(y, norm=norm) if inverse else np.fft.fft(y, norm=norm)
    return np.stack([y.real, y.imag], axis=-2)`,
	real_dft: `def real_dft(x, doubled=False, norm="backward"):
    y = np.fft.rfft(x, norm=norm)
    if doubled:
        y[..., 1 : (x.shape[-1] + 1) // 2] *= 2
    return np.stack([y.real, y.imag], axis=-2)`,
	dft_to_real: `def dft_to_real(x, n, doubled=False, norm="backward"):
    y = x[..., 0, :] + 1j * x[..., 1, :]
    if not doubled:
        y[..., 1 : (n + 1) // 2] /= 2
    return np.fft.irfft(y, n, norm=norm)`,
};

/** The names of all helpers. */
export const helperNames: readonly string[] = Object.keys(HELPERS);

/** Those that ask their first argument for what a plain number of Python's does not have. */
export const arrayHelpers: readonly string[] = helperNames.filter((name) => {
	const [head, ...body] = HELPERS[name]!.split("\n");
	const first = /\((\w+)/.exec(head!)![1]!;
	return new RegExp(`(?<![\\w.])${first}[.[]`).test(body.join("\n"));
});

/**
 * The definitions of the helpers that a program's text calls, and of those that they call, with
 * what they import.
 */
export function helpersFor(text: string): string[] {
	const needed = new Set<string>();
	const visit = (part: string): void => {
		for (const name of helperNames) {
			if (needed.has(name) || !new RegExp(`(?<![\\w.]|def )${name}\\(`).test(part)) continue;
			needed.add(name);
			visit(HELPERS[name]!);
		}
	};
	visit(text);
	const found = helperNames.filter((name) => needed.has(name)).map((name) => HELPERS[name]!);
	return found.some((definition) => definition.includes("math."))
		? ["import math", ...found]
		: found;
}
