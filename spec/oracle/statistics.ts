import {
	bincount,
	corrcoef,
	cov,
	cummax,
	cummin,
	diff,
	histogram,
	interp,
	logspace,
	median,
	meshgrid,
	moveAxis,
	nanMax,
	nanMean,
	nanMin,
	nanSum,
	quantile,
	searchSorted,
	swapAxes,
	type Tensor,
	tensor,
	trapezoid,
} from "../../lib/index.ts";
import type { Family, Row } from "./row.ts";

/** Numbers between −1 and 1, always the same ones; no two are equal. */
function noise(shape: readonly number[], seed: number): Tensor {
	const n = shape.reduce((product, size) => product * size, 1);
	const values = Array.from({ length: n }, (_, i) => Math.sin(seed + i * i + 0.7 * i));
	return tensor(values, { shape });
}

const x = noise([3, 4, 5], 1);
const m = noise([4, 6], 2);
const y = noise([2, 6], 3);
const v = noise([12], 4);
const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
const holes = tensor([
	[1, nan, 3, -2],
	[nan, nan, nan, nan],
	[0.5, 4, nan, 7],
]);
const whole = tensor([3, 1, 1, 0, 5, 3, 3], { dtype: "int32" });
const often = tensor([2, 0, 1, 3, 1, 1], { dtype: "int32" });
const knots = tensor([-1, -0.25, 0.5, 2]);
const heights = tensor([1, 3, -2, 0.5]);

/** Each lies on an edge, or beside it by rounding. */
const tenths = Array.from({ length: 11 }, (_, i) => i / 10);

/** The same call in NumPy and JAX. */
const both = (call: string) => ({ numpy: `np.${call}`, jax: `jnp.${call}` });

const quantiles: Row[] = (["linear", "lower", "higher", "nearest", "midpoint"] as const).map(
	(method) => ({
		name: `quantile, ${method}`,
		inputs: { x },
		ours: ({ x }) => quantile(x!, [0, 0.1, 0.35, 0.5, 0.9, 1], [0, 2], { method }),
		...both(`quantile(x, np.array([0, 0.1, 0.35, 0.5, 0.9, 1]), (0, 2), method="${method}")`),
	}),
);

const otherQuantiles: Row[] = (
	[
		["hazen", "hazen"],
		["weibull", "weibull"],
		["medianUnbiased", "median_unbiased"],
		["normalUnbiased", "normal_unbiased"],
	] as const
).map(([method, theirs]) => ({
	name: `quantile, ${method}`,
	inputs: { x },
	ours: ({ x }) => quantile(x!, [0, 0.1, 0.35, 0.5, 0.9, 1], 1, { method, keepDims: true }),
	numpy: `np.quantile(x, np.array([0, 0.1, 0.35, 0.5, 0.9, 1]), 1, method="${theirs}", keepdims=True)`,
}));

/** Statistics, and what searches and counts. */
export const family: Family = {
	rows: [
		...quantiles,
		...otherQuantiles,
		{
			name: "median",
			inputs: { x },
			ours: ({ x }) => [median(x!), median(x!, 1), median(x!, [0, 2], { keepDims: true })],
			numpy: "[np.median(x), np.median(x, 1), np.median(x, (0, 2), keepdims=True)]",
			jax: "[jnp.median(x), jnp.median(x, 1), jnp.median(x, (0, 2), keepdims=True)]",
		},
		{
			name: "NaN and infinity among quantiles",
			inputs: { a: tensor([1, nan, 2]), b: tensor([-inf, 1, inf, 3]) },
			ours: ({ a, b }) => [median(a!), median(b!), quantile(b!, 0), quantile(b!, 1)],
			numpy: "[np.median(a), np.median(b), np.quantile(b, 0), np.quantile(b, 1)]",
		},
		{
			name: "without NaN",
			inputs: { holes },
			ours: ({ holes }) => [
				nanSum(holes!, 1),
				nanMean(holes!, 0),
				nanMean(holes!),
				nanMax(holes!, 0),
				nanMin(holes!, 1, { keepDims: true }),
				nanMax(holes!),
			],
			numpy:
				"[np.nansum(holes, 1), np.nanmean(holes, 0), np.nanmean(holes), np.nanmax(holes, 0), np.nanmin(holes, 1, keepdims=True), np.nanmax(holes)]",
			jax: "[jnp.nansum(holes, 1), jnp.nanmean(holes, 0), jnp.nanmean(holes), jnp.nanmax(holes, 0), jnp.nanmin(holes, 1, keepdims=True), jnp.nanmax(holes)]",
		},
		{
			name: "cummax and cummin",
			inputs: { x },
			ours: ({ x }) => [cummax(x!, 1), cummin(x!, -1), cummax(x!, 0)],
			numpy:
				"[np.maximum.accumulate(x, 1), np.minimum.accumulate(x, -1), np.maximum.accumulate(x, 0)]",
			torch: "[x.cummax(1)[0], x.cummin(-1)[0], x.cummax(0)[0]]",
		},
		{
			name: "cummax of NaN and whole numbers",
			inputs: { holes, whole },
			ours: ({ holes, whole }) => [cummax(holes!, 1), cummin(holes!, 0), cummax(whole!)],
			numpy:
				"[np.maximum.accumulate(holes, 1), np.minimum.accumulate(holes, 0), np.maximum.accumulate(whole)]",
		},
		{
			name: "diff",
			inputs: { x },
			ours: ({ x }) => [diff(x!), diff(x!, 2, 0), diff(x!, 0), diff(x!, 4, 1), diff(x!, 7, 1)],
			numpy: "[np.diff(x), np.diff(x, 2, 0), np.diff(x, 0), np.diff(x, 4, 1), np.diff(x, 7, 1)]",
			jax: "[jnp.diff(x), jnp.diff(x, 2, 0), jnp.diff(x, 0), jnp.diff(x, 4, 1), jnp.diff(x, 7, 1)]",
		},
		{
			name: "trapezoid",
			inputs: { x, t: noise([4], 5) },
			ours: ({ x, t }) => [
				trapezoid(x!),
				trapezoid(x!, null, { dx: 0.3, axis: 0 }),
				trapezoid(x!, t!, { axis: 1 }),
				trapezoid(x!, x!.square(), { axis: 2 }),
			],
			jax: "[jnp.trapezoid(x), jnp.trapezoid(x, dx=0.3, axis=0), jnp.trapezoid(x, t, axis=1), jnp.trapezoid(x, x * x, axis=2)]",
			numpy:
				"[np.trapezoid(x), np.trapezoid(x, dx=0.3, axis=0), np.trapezoid(x, t, axis=1), np.trapezoid(x, x * x, axis=2)]",
		},
		{
			name: "cov and corrcoef",
			inputs: { m, y, v },
			ours: ({ m, y, v }) => [
				cov(m!),
				cov(m!, { y: y!, ddof: 0 }),
				cov(m!, { rowVariables: false }),
				cov(v!),
				corrcoef(m!),
				corrcoef(m!, { y: y! }),
				corrcoef(v!),
			],
			numpy:
				"[np.cov(m), np.cov(m, y, ddof=0), np.cov(m, rowvar=False), np.cov(v), np.corrcoef(m), np.corrcoef(m, y), np.corrcoef(v)]",
			jax: "[jnp.cov(m), jnp.cov(m, y, ddof=0), jnp.cov(m, rowvar=False), jnp.cov(v), jnp.corrcoef(m), jnp.corrcoef(m, y), jnp.corrcoef(v)]",
		},
		{
			name: "covariances with counts and weights",
			inputs: { m, shares: tensor([0.5, 1, 2, 0, 0.25, 1.5]) },
			ours: ({ m, shares }) => [
				cov(m!, { counts: often, weights: shares! }),
				cov(m!, { counts: often, ddof: 2 }),
				cov(m!, { weights: shares!, ddof: 0 }),
				cov(m!, { weights: shares! }),
			],
			numpy:
				"[np.cov(m, fweights=[2, 0, 1, 3, 1, 1], aweights=shares), np.cov(m, fweights=[2, 0, 1, 3, 1, 1], ddof=2), np.cov(m, aweights=shares, ddof=0), np.cov(m, aweights=shares)]",
			jax: "[jnp.cov(m, fweights=jnp.array([2, 0, 1, 3, 1, 1]), aweights=shares), jnp.cov(m, fweights=jnp.array([2, 0, 1, 3, 1, 1]), ddof=2), jnp.cov(m, aweights=shares, ddof=0), jnp.cov(m, aweights=shares)]",
		},
		{
			name: "searchSorted",
			// Whole numbers have none.
			gradient: false,
			inputs: { a: tensor([-1, 0, 0, 2, nan]), q: tensor([-2, -1, 0, 1, 2, 3, nan, inf]) },
			ours: ({ a, q }) => [
				searchSorted(a!, q!),
				searchSorted(a!, q!, { side: "right" }),
				searchSorted(a!, q!.reshape([2, 4])),
			],
			numpy:
				'[np.searchsorted(a, q), np.searchsorted(a, q, "right"), np.searchsorted(a, q.reshape(2, 4))]',
			jax: '[jnp.searchsorted(a, q), jnp.searchsorted(a, q, "right"), jnp.searchsorted(a, q.reshape(2, 4))]',
		},
		{
			name: "interp",
			inputs: { q: tensor([-0.9, -0.2, 0.1, 0.7, 1.9]), knots, heights },
			ours: ({ q, knots, heights }) => interp(q!, knots!, heights!),
			...both("interp(q, knots, heights)"),
		},
		{
			name: "interp at places, outside and of NaN",
			inputs: { q: tensor([-3, -1, -0.25, 2, 2.5, nan]), knots, heights },
			ours: ({ q, knots, heights }) => [
				interp(q!, knots!, heights!),
				interp(q!, knots!, heights!, { left: 9, right: -9 }),
				interp(q!, knots!.slice([0, 1]), heights!.slice([0, 1])),
			],
			numpy:
				"[np.interp(q, knots, heights), np.interp(q, knots, heights, 9, -9), np.interp(q, knots[:1], heights[:1])]",
		},
		{
			name: "bincount",
			inputs: { whole, w: noise([7], 6) },
			ours: ({ whole, w }) => [
				bincount(whole!),
				bincount(whole!, { weights: w!, minLength: 9 }),
				bincount(whole!, { weights: w!, length: 6 }),
			],
			numpy: "[np.bincount(whole), np.bincount(whole, w, 9), np.bincount(whole, w)]",
			jax: "[jnp.bincount(whole, length=6), jnp.bincount(whole, w, length=9), jnp.bincount(whole, w, length=6)]",
		},
		{
			name: "histogram",
			inputs: { x, w: noise([3, 4, 5], 7).square() },
			ours: ({ x, w }) => [
				...histogram(x!, 7),
				...histogram(x!, [-1, -0.5, 0.2, 0.9], { weights: w! }),
				...histogram(x!, 4, { range: [-0.5, 0.5], density: true }),
				...histogram(x!.mul(0), 3),
				...histogram(tensor(tenths), 10, { range: [0, 1] }),
			],
			numpy:
				"[*np.histogram(x, 7), *np.histogram(x, [-1, -0.5, 0.2, 0.9], weights=w), *np.histogram(x, 4, (-0.5, 0.5), True), *np.histogram(x * 0, 3), *np.histogram(np.arange(11) / 10, 10, (0, 1))]",
		},
		{
			name: "the weights of a histogram",
			inputs: { w: noise([12], 8).square() },
			ours: ({ w }) => histogram(v, 5, { weights: w! })[0],
			jax: `jnp.histogram(jnp.array([${v.data.join(", ")}]), 5, weights=w)[0]`,
		},
		{
			name: "meshgrid, logspace, swapAxes and moveAxis",
			inputs: { x, knots, v },
			ours: ({ x, knots, v }) => [
				meshgrid([knots!, v!]),
				meshgrid([knots!, v!, knots!], { indexing: "ij" }),
				logspace(-1, 2, 5),
				logspace(0, 4, 3, { base: 2 }),
				swapAxes(x!, 0, -1),
				moveAxis(x!, 0, -1),
			],
			numpy:
				'[*np.meshgrid(knots, v), *np.meshgrid(knots, v, knots, indexing="ij"), np.logspace(-1, 2, 5), np.logspace(0, 4, 3, base=2), np.swapaxes(x, 0, -1), np.moveaxis(x, 0, -1)]',
			jax: '[*jnp.meshgrid(knots, v), *jnp.meshgrid(knots, v, knots, indexing="ij"), jnp.logspace(-1, 2, 5), jnp.logspace(0, 4, 3, base=2), jnp.swapaxes(x, 0, -1), jnp.moveaxis(x, 0, -1)]',
		},
		{
			name: "float32",
			inputs: { single: m.astype("float32") },
			ours: ({ single }) => [median(single!, 1), cov(single!), cummax(single!, 0), diff(single!)],
			jax: "[jnp.median(single, 1), jnp.cov(single), jax.lax.cummax(single, 0), jnp.diff(single)]",
		},
	],
};
