import type { TypedArray } from "../../../core/dtype.ts";
import { pairwiseSum } from "../../../kernels/pairwise.ts";
import { scaledProduct } from "../../../kernels/scaled-product.ts";
import type { ReducerName } from "../../../schedule/kernel.ts";

type Reduce = (x: TypedArray, start: number, n: number) => number;

/** What combines n elements from `start`, in the order in which eager evaluation does. */
export const reducers: Record<ReducerName, Reduce> = {
	total: pairwiseSum,
	factors: scaledProduct,
	greatest: extreme(Math.max, Number.NEGATIVE_INFINITY),
	least: extreme(Math.min, Number.POSITIVE_INFINITY),
	every: (x, start, n) => Number(firstZeroness(x, start, n, true) < 0),
	some: (x, start, n) => Number(firstZeroness(x, start, n, false) >= 0),
};

/** NaN if one is. */
function extreme(of: (x: number, y: number) => number, start: number): Reduce {
	return (x, from, n) => {
		let found = start;
		for (let i = from; i < from + n; i++) found = of(found, x[i]!);
		return found;
	};
}

/** Where the first element lies that is 0, or that is not; −1 where there is none. */
function firstZeroness(x: TypedArray, start: number, n: number, isZero: boolean): number {
	for (let i = start; i < start + n; i++) if ((x[i] === 0) === isZero) return i;
	return -1;
}
