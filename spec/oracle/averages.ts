import { average, isIn, nanMedian, nanProd, nanStd, nanVariance, tensor } from "../../lib/index.ts";
import type { Family } from "./row.ts";

const nan = Number.NaN;
const holes = tensor([
	[1, nan, 3, -2],
	[0.25, 2, 6, -1],
	[0.5, 4, nan, 7],
]);
const w = tensor([0.5, 1, 2, 0.25]);

/** Means with weights, and what is left of elements without NaN. */
export const family: Family = {
	rows: [
		{
			name: "average",
			inputs: { x: holes.slice(1), w, y: tensor([1, 3, 2, 8]) },
			ours: ({ x, w, y }) => [
				average(x!, 0, { weights: w! }),
				average(y!, undefined, { weights: w! }),
			],
			numpy: "[np.average(x, 0, weights=w), np.average(y, weights=w)]",
			jax: "[jnp.average(x, 0, weights=w), jnp.average(y, weights=w)]",
		},
		{
			name: "spreads and products without NaN",
			inputs: { holes },
			ours: ({ holes }) => [
				nanVariance(holes!, 1),
				nanVariance(holes!, 0, { ddof: 1 }),
				nanStd(holes!),
				nanProd(holes!, 0),
			],
			numpy:
				"[np.nanvar(holes, 1), np.nanvar(holes, 0, ddof=1), np.nanstd(holes), np.nanprod(holes, 0)]",
			jax: "[jnp.nanvar(holes, 1), jnp.nanvar(holes, 0, ddof=1), jnp.nanstd(holes), jnp.nanprod(holes, 0)]",
		},
		{
			name: "medians without NaN",
			inputs: { holes },
			ours: ({ holes }) => [nanMedian(holes!, 1), nanMedian(holes!, [0, 1], { keepDims: true })],
			numpy: "[np.nanmedian(holes, 1), np.nanmedian(holes, keepdims=True)]",
			jax: "[jnp.nanmedian(holes, 1), jnp.nanmedian(holes, keepdims=True)]",
		},
		{
			name: "isIn",
			inputs: { holes, w },
			gradient: false,
			ours: ({ holes, w }) => isIn(holes!, w!),
			numpy: "np.isin(holes, w)",
			jax: "jnp.isin(holes, w)",
		},
	],
};
