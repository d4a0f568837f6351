import {
	helperNames,
	helpersFor as numpyHelpersFor,
} from "../../derivation/printers/numpy-helpers.ts";
import { forJax } from "./for-jax.ts";
import { JAX_RANDOM, RANDOM } from "./random-helpers.ts";

type Helpers = Readonly<Record<string, string>>;

/**
 * Functions that NumPy's notation calls and that JAX has by itself, or needs written another way:
 * its arrays are never changed in place, sizes are known before values, and a number that is chosen
 * away has no derivative.
 */
const OWN: Helpers = {
	erf: `def erf(x):
    return jax.scipy.special.erf(x)`,
	erfc: `def erfc(x):
    return jax.scipy.special.erfc(x)`,
	gammaln: `def gammaln(x):
    return jax.scipy.special.gammaln(x)`,
	digamma: `def digamma(x):
    return jax.scipy.special.digamma(x)`,
	ndtri: `def ndtri(p):
    return jax.scipy.special.ndtri(p)`,
	pivot_order: `def pivot_order(x):
    return lax.linalg.lu(x)[2].astype("int32")`,
	elimination: `def elimination(x):
    for k in range(min(x.shape[-2:])):
        pivot, below = x[..., k : k + 1, k], x[..., k + 1 :, k]
        empty = (pivot == 0) & (below == 0)
        below = jnp.where(empty, 0, below / jnp.where(empty, 1, pivot))
        x = x.at[..., k + 1 :, k].set(below)
        x = x.at[..., k + 1 :, k + 1 :].add(
            -below[..., None] * x[..., k : k + 1, k + 1 :]
        )
    return x`,
	real_dft: `def real_dft(x, doubled=False, norm="backward"):
    y = jnp.fft.rfft(x, norm=norm) * inner_factor(x.shape[-1], 2 if doubled else 1)
    return jnp.stack([y.real, y.imag], axis=-2)`,
	dft_to_real: `def dft_to_real(x, n, doubled=False, norm="backward"):
    y = (x[..., 0, :] + 1j * x[..., 1, :]) * inner_factor(n, 1 if doubled else 0.5)
    return jnp.fft.irfft(y, n, norm=norm)`,
	inner_factor: `def inner_factor(n, factor):
    k = jnp.arange(n // 2 + 1)
    return jnp.where((k > 0) & (2 * k < n), factor, 1)`,
	sigmoid: `def sigmoid(x):
    return jax.nn.sigmoid(x)`,
	softmax: `def softmax(x, axis):
    return jax.nn.softmax(x, axis=axis)`,
	log_softmax: `def log_softmax(x, axis):
    return jax.nn.log_softmax(x, axis=axis)`,
	logsumexp: `def logsumexp(x, axis=None, keepdims=False):
    return jax.nn.logsumexp(x, axis=axis, keepdims=keepdims)`,
	mask_first: `def mask_first(x, value):
    shape = (1,) * (x.ndim - value.ndim) + value.shape
    axes = tuple(axis for axis, size in enumerate(shape) if size == 1)
    place = jnp.where(x == value, jnp.arange(x.size).reshape(x.shape), x.size)
    return (x == value) & (place == place.min(axes, keepdims=True, initial=x.size))`,
	scaled: `def scaled(g, factor):
    return g * jnp.where((g == 0) & ~jnp.isfinite(factor), 0, factor)`,
	scaled_by_either: `def scaled_by_either(g, factor):
    is_zero = ((g == 0) & ~jnp.isfinite(factor)) | ((factor == 0) & ~jnp.isfinite(g))
    return jnp.where(is_zero, 0, g) * jnp.where(is_zero, 0, factor)`,
	cumprod: `def cumprod(x, axis, reverse=False, exclusive=False):
    x = jnp.flip(x, axis) if reverse else x
    if exclusive:
        first = lax.slice_in_dim(x, 0, min(1, x.shape[axis]), axis=axis)
        rest = lax.slice_in_dim(x, 0, max(0, x.shape[axis] - 1), axis=axis)
        x = jnp.concatenate((jnp.ones_like(first), rest), axis=axis)
    out = jnp.cumprod(x, axis=axis)
    return jnp.flip(out, axis) if reverse else out`,
	adjugate: `def adjugate(x, *along):
    if not along:
        u, s, vt = jnp.linalg.svd(x)
        sign = (jnp.linalg.det(u) * jnp.linalg.det(vt))[..., None, None]
        scaled_v = sign * jnp.swapaxes(vt, -1, -2) * prod_others(s, -1)[..., None, :]
        return scaled_v @ jnp.swapaxes(u, -1, -2)
    if len(along) >= x.shape[-1]:
        return jnp.zeros_like(x)
    y = jnp.linalg.inv(x)
    parts = [adjugate(x, *along[:i], *along[i + 1 :]) @ h for i, h in enumerate(along)]
    trace = jnp.trace(parts[-1], axis1=-2, axis2=-1)[..., None, None]
    return (trace * jnp.eye(x.shape[-1]) - sum(parts)) @ y`,
	matrix_exponential: `def matrix_exponential(x, *along):
    for h in along:
        h = jnp.kron(jnp.eye(x.shape[-1] // max(1, h.shape[-1]), dtype=x.dtype), h)
        rows = [
            jnp.concatenate([x, h], -1),
            jnp.concatenate([jnp.zeros_like(x), x], -1),
        ]
        x = jnp.concatenate(rows, -2)
    n = x.shape[-1]
    rows = n // 2 ** len(along)
    return (jax.scipy.linalg.expm(x) if x.size else x)[..., :rows, n - rows :]`,
	prod_others: `def prod_others(x, axis=None):
    axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    axes = [a % x.ndim for a in axes]
    front = list(range(len(axes)))
    moved = jnp.moveaxis(x, axes, front)
    count = 1
    for size in moved.shape[: len(axes)]:
        count *= size
    lines = moved.reshape(count, *moved.shape[len(axes) :])
    before = products_before(lines)
    after = products_before(lines[::-1])
    out = [jnp.ldexp(b * a, m + n) for (b, m), (a, n) in zip(before, after[::-1])]
    stacked = jnp.stack(out) if out else lines
    return jnp.moveaxis(stacked.reshape(moved.shape), front, axes)`,
	products_before: `def products_before(lines):
    product, exponent, out = jnp.ones(lines.shape[1:], lines.dtype), 0, []
    for line in lines:
        out.append((product, exponent))
        factor, power = jnp.frexp(line)
        product, shift = jnp.frexp(product * factor)
        exponent = exponent + power + shift
    return out`,
	linear_recurrence: `def linear_recurrence(a, b, axis, reverse=False):
    def advance(y, entry):
        y = entry[0] * y + entry[1]
        return y, y

    factors, terms = jnp.moveaxis(a, axis, 0), jnp.moveaxis(b, axis, 0)
    start = jnp.zeros(terms.shape[1:], terms.dtype)
    _, out = lax.scan(advance, start, (factors, terms), reverse=reverse)
    return jnp.moveaxis(out, 0, axis)`,
	shift: `def shift(x, steps, axis):
    n = x.shape[axis]
    kept = max(0, n - abs(steps))
    part = (
        lax.slice_in_dim(x, max(0, -steps), max(0, -steps) + kept, axis=axis)
        if kept
        else None
    )
    widths = [(0, 0)] * x.ndim
    widths[axis] = (n - kept, 0) if steps > 0 else (0, n - kept)
    return jnp.zeros_like(x) if part is None else jnp.pad(part, widths)`,
	ungather: `def ungather(g, indices, shape):
    indices = jnp.asarray(indices)
    if indices.shape[-1] == 0:
        return g.sum(axis=tuple(range(indices.ndim - 1)))
    return jnp.zeros(shape, g.dtype).at[tuple(jnp.moveaxis(indices, -1, 0))].add(g)`,
	untake: `def untake(g, indices, axis, size):
    indices = jnp.asarray(indices)
    out = jnp.zeros((size,) + g.shape[:axis] + g.shape[axis + indices.ndim :], g.dtype)
    places = list(range(indices.ndim))
    out = out.at[indices].add(jnp.moveaxis(g, [axis + i for i in places], places))
    return jnp.moveaxis(out, 0, axis)`,
	untake_along_axis: `def untake_along_axis(g, indices, axis, size):
    indices = jnp.asarray(indices)
    out = jnp.zeros(g.shape[:axis] + (size,) + g.shape[axis + 1 :], g.dtype)
    places = list(jnp.indices(indices.shape))
    places[axis] = indices
    return out.at[tuple(places)].add(g)`,
	winner_at: `def winner_at(rows, indices, shape, least=False, batches=0):
    if batches > 0:
        each = lambda x, i: winner_at(x, i, shape[1:], least, batches - 1)
        return jax.vmap(each)(rows, jnp.asarray(indices))
    indices = jnp.asarray(indices)

    def advance(out, j):
        place = tuple(indices[j])
        best = out[place]
        x, y = rows[j], jnp.take_along_axis(rows, jnp.maximum(best, 0)[None], axis=0)[0]
        beats = ((x < y) if least else (x > y)) | (jnp.isnan(x) & ~jnp.isnan(y))
        return out.at[place].set(jnp.where((best < 0) | beats, j, best)), None

    none = jnp.full(shape, -1, jnp.int32)
    count = rows.shape[0]
    return (
        none
        if count == 0
        else lax.scan(advance, none, jnp.arange(count, dtype=jnp.int32))[0]
    )`,
	unslice: `def unslice(g, shape, index):
    return jnp.zeros(shape, g.dtype).at[index].set(g)`,
	add_slices: `def add_slices(slices, shape, indices):
    out = jnp.zeros(shape, slices[0].dtype)
    for g, index in zip(slices, indices):
        out = out.at[index].add(g)
    return out`,
	undiagonal: `def undiagonal(g, shape, offset=0, axis1=0, axis2=1):
    out = jnp.moveaxis(jnp.zeros(shape, g.dtype), (axis1, axis2), (-2, -1))
    n = g.shape[-1]
    rows, columns = jnp.arange(n) + max(0, -offset), jnp.arange(n) + max(0, offset)
    return jnp.moveaxis(out.at[..., rows, columns].set(g), (-2, -1), (axis1, axis2))`,
	windows: `def windows(x, size, stride, dilation):
    rows, columns = [
        (n - d * (k - 1) - 1) // s + 1
        for n, k, s, d in zip(x.shape[-2:], size, stride, dilation)
    ]
    i = stride[0] * jnp.arange(rows)[:, None] + dilation[0] * jnp.arange(size[0])
    j = stride[1] * jnp.arange(columns)[:, None] + dilation[1] * jnp.arange(size[1])
    return x[..., i[:, None, :, None], j[None, :, None, :]]`,
	add_windows: `def add_windows(g, image, stride, dilation):
    rows, columns, height, width = g.shape[-4:]
    i = stride[0] * jnp.arange(rows)[:, None] + dilation[0] * jnp.arange(height)
    j = stride[1] * jnp.arange(columns)[:, None] + dilation[1] * jnp.arange(width)
    out = jnp.zeros(g.shape[:-4] + tuple(image), g.dtype)
    return out.at[..., i[:, None, :, None], j[None, :, None, :]].add(g)`,
};

/** What a module's functions may not call their variables. */
export const allHelpers: readonly string[] = [
	...new Set([...helperNames, ...Object.keys({ ...OWN, ...RANDOM, ...JAX_RANDOM })]),
];

/** Who does something of a module: the module by itself, as adjoint would, or JAX. */
export const ENGINES = ["adjoint", "jax"] as const;

/** Who differentiates, and who draws random numbers. */
export interface Engines {
	readonly grad: (typeof ENGINES)[number];
	readonly rng: (typeof ENGINES)[number];
}

/** Definitions of what a module's text calls, and of what these call. */
export function jaxHelpers(text: string, { rng }: Engines): string[] {
	const own = rng === "jax" ? { ...OWN, ...JAX_RANDOM } : { ...OWN, ...RANDOM };
	const found = new Map<string, string>();
	const known = [...new Set([...helperNames, ...Object.keys(own)])];
	const calls = (of: string) =>
		known.filter((name) => new RegExp(`(?<![\\w.]|def )${name}\\(`).test(of));
	const visit = (of: string): void => {
		for (const name of calls(of)) {
			if (found.has(name)) continue;
			const definition = own[name] ?? fromNumPy(name);
			found.set(name, definition);
			visit(definition);
		}
	};
	visit(text);
	return [...found.values()];
}

/** NumPy's own definition, with JAX's arrays. */
function fromNumPy(name: string): string {
	const definitions = numpyHelpersFor(`${name}(`);
	const own = definitions.find((definition) => definition.startsWith(`def ${name}(`))!;
	return forJax(own);
}
