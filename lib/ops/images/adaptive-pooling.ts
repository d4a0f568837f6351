import { calledAs } from "../../core/called-as.ts";
import { tensor } from "../../core/create.ts";
import { asTensor } from "../../core/lift.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { sum } from "../../structure/broadcasting.ts";
import { reshape } from "../../structure/layout.ts";
import { div } from "../arithmetic.ts";
import { where } from "../comparison.ts";
import { max } from "../extremes.ts";
import { take } from "../indexing.ts";
import { mean } from "../reductions.ts";
import { checkSizesOf, eachAxis } from "./evenly.ts";

/**
 * The last axes of x brought to so many places each, by the means of windows that share the places
 * of x as evenly as whole numbers can: window i of n along an axis of L places goes from ⌊i·L/n⌋ to
 * ⌈(i + 1)·L/n⌉, as PyTorch's `adaptive_avg_pool2d`. With sizes [7, 7] (…×height×width) gives
 * (…×7×7), whatever the height and the width.
 * @throws ShapeError for sizes that are not whole numbers from 1, more sizes than axes, or an axis
 * without elements
 */
export function adaptiveAvgPool(x: TensorLike, sizes: readonly number[]): Tensor {
	return pooledAlong("adaptiveAvgPool", x, sizes, mean, (windows, axis, lengths) => {
		const behind = (shape: number[]) => [...shape, ...windows.shape.slice(axis + 1).map(() => 1)];
		const most = windows.shape[axis]!;
		const isWithin = lengths.map((n) => Array.from({ length: most }, (_, i) => i < n));
		const within = reshape(tensor(isWithin), behind([lengths.length, most]));
		const counts = reshape(tensor(lengths, { dtype: windows.dtype }), behind([lengths.length]));
		return div(sum(where(within, windows, 0), axis), counts);
	});
}

/**
 * The same with the greatest element of each window. At a tie the first element of the window, row
 * by row, takes the gradient; a NaN shows in the value of each window that has it.
 * @throws ShapeError for sizes that are not whole numbers from 1, more sizes than axes, or an axis
 * without elements
 */
export function adaptiveMaxPool(x: TensorLike, sizes: readonly number[]): Tensor {
	return pooledAlong("adaptiveMaxPool", x, sizes, max, (windows, axis) => max(windows, axis));
}

/**
 * Axis by axis: windows of one length are a view; others are filled up with their last element, and
 * `uneven` is told their lengths.
 */
function pooledAlong(
	op: string,
	value: TensorLike,
	given: readonly number[],
	even: (windows: Tensor, axis: number) => Tensor,
	uneven: (windows: Tensor, axis: number, lengths: number[]) => Tensor,
): Tensor {
	const x = asTensor(op, value);
	const sizes = checkSizesOf(op, x.shape, given);
	return calledAs(op, () =>
		eachAxis(x.rank, sizes).reduce((y, [axis, n]) => {
			const size = y.shape[axis]!;
			if (size === n) return y;
			if (size % n === 0)
				return even(reshape(y, y.shape.toSpliced(axis, 1, n, size / n)), axis + 1);
			const starts = Array.from({ length: n }, (_, i) => Math.floor((i * size) / n));
			const lengths = starts.map((start, i) => Math.ceil(((i + 1) * size) / n) - start);
			const most = Math.max(...lengths);
			const places = starts.map((start, i) =>
				Array.from({ length: most }, (_, j) => start + Math.min(j, lengths[i]! - 1)),
			);
			const windows = take(y, tensor(places, { dtype: "int32" }), axis);
			const isEven = lengths.every((length) => length === most);
			return isEven ? even(windows, axis + 1) : uneven(windows, axis + 1, lengths);
		}, x),
	);
}
