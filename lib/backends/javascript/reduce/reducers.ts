import type { TypedArray } from "../../../core/dtype.ts";
import { pairwiseColumnSums, pairwiseSum } from "../../../kernels/pairwise.ts";
import { scaledColumnProducts, scaledProduct } from "../../../kernels/scaled-product.ts";
import { reduced } from "../../../kinds/slice-kernel.ts";
import type { ReducerName } from "../../../schedule/kernel.ts";

type Reduce = (x: TypedArray, start: number, n: number) => number;

/** What combines n elements from `start`, in the order in which eager evaluation does. */
export const reducers: Record<ReducerName, Reduce> = {
	total: pairwiseSum,
	factors: scaledProduct,
	greatest: as("greatest"),
	least: as("least"),
	every: as("every"),
	some: as("some"),
};

/** The same of columns that lie side by side, where that is faster than one after the other. */
export const columnReducers: Partial<Record<ReducerName, typeof pairwiseColumnSums>> = {
	total: pairwiseColumnSums,
	factors: scaledColumnProducts,
};

/** As eager evaluation does without generated code. */
function as(by: keyof typeof reduced): Reduce {
	// Typed arrays have the same methods, whatever their elements are.
	return (x, start, n) => reduced[by](x.subarray(start, start + n) as Float64Array);
}
