import { calledAs } from "../../core/called-as.ts";
import { arange } from "../../core/create.ts";
import type { Pair } from "../../core/geometry.ts";
import { asTensor } from "../../core/lift.ts";
import { checkOptions } from "../../core/options.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { expandDims, reshape, squeeze } from "../../structure/layout.ts";
import { argmax } from "../extremes.ts";
import { takeAlongAxis } from "../indexing.ts";
import { POOL_OPTIONS } from "../window-options.ts";
import { lowest, maxPooled, type PoolOptions, pooled } from "./pooled.ts";

/**
 * `maxPool2d`, and where in its image each greatest element lies: row · width + column, int32, as
 * PyTorch's `return_indices`. At a tie the first element of the window, row by row; a NaN counts as
 * the greatest. A window that has padding alone has the index −1.
 * @returns the values, with their gradient, and the indices, constants
 * @throws ShapeError when the window does not fit
 */
export function maxPool2dWithIndices(
	x: TensorLike,
	window: number | Pair,
	options?: PoolOptions,
): [values: Tensor, indices: Tensor] {
	const op = "maxPool2dWithIndices";
	const given = checkOptions<PoolOptions>(op, options, POOL_OPTIONS);
	const image = asTensor(op, x);
	const values = maxPooled(op, image, window, given, 2);
	return calledAs(op, () => {
		const [height, width] = image.shape.slice(-2) as [number, number];
		const places = reshape(arange(0, height * width, 1, { dtype: "int32" }), [height, width]);
		const numbers = flat(pooled(op, places, window, given, -1, 2));
		const found = argmax(flat(pooled(op, image, window, given, lowest(image), 2)), -1);
		const lead = found.shape.slice(0, -2).map((_, axis) => axis);
		const indices = takeAlongAxis(expandDims(numbers, lead), expandDims(found, -1), -1);
		return [values, squeeze(indices, -1)];
	});
}

/** The elements of each window as one axis. */
function flat(windows: Tensor): Tensor {
	const [height, width] = windows.shape.slice(-2) as [number, number];
	return reshape(windows, [...windows.shape.slice(0, -2), height * width]);
}
