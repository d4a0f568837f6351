import { ShapeError } from "../core/error.ts";
import type { Pair } from "../core/geometry.ts";
import { asTensor, constant } from "../core/lift.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { geometryOf, paddingFor, type Widths } from "../kernels/windows.ts";
import { sum } from "../structure/broadcasting.ts";
import { expandDims, squeeze } from "../structure/layout.ts";
import { div } from "./arithmetic.ts";
import { max } from "./extremes.ts";
import { pad } from "./padding.ts";
import { mean } from "./reductions.ts";
import { readOptions, readPair } from "./window-options.ts";
import { windows } from "./windows.ts";

/** How the windows of a two-dimensional pooling lie. */
export interface PoolOptions {
	/** Left out: the size of the window, so that windows do not overlap. */
	readonly stride?: number | Pair;
	/** A number, one for each axis, or both ends of each axis, less than the window; left out: 0. */
	readonly padding?: number | Pair | readonly [Widths, Widths];
}

/** Options of `avgPool2d`. */
export interface AveragePoolOptions extends PoolOptions {
	/** Whether padding counts as elements of value 0; left out: true. */
	readonly countIncludePad?: boolean;
}

/** The windows of an image padded with `fill`. */
function pooled(
	op: string,
	x: Tensor,
	size: number | Pair,
	options: PoolOptions,
	fill: number,
): Tensor {
	if (x.rank < 2)
		throw new ShapeError(`${op}: expected (…×height×width), got ${showShape(x.shape)}`);
	const window = readPair(op, "window", size, 1);
	const { stride = window, padding = 0 } = options;
	const given = readOptions(op, { stride, padding });
	const image: Pair = [x.shape.at(-2)!, x.shape.at(-1)!];
	const widths = paddingFor(image, window, given);
	for (const axis of [0, 1] as const) {
		if (Math.max(...widths[axis]) < window[axis]) continue;
		throw new ShapeError(
			`${op}: expected less padding than the window ${showShape(window)}, got ${widths.join(" and ")}`,
		);
	}
	const lead = x.shape.slice(0, -2).map((): Widths => [0, 0]);
	const padded = widths.flat().some((width) => width > 0)
		? pad(x, [...lead, ...widths], { value: fill })
		: x;
	const inside: Pair = [padded.shape.at(-2)!, padded.shape.at(-1)!];
	const none = [
		[0, 0],
		[0, 0],
	] as const;
	return windows(padded, geometryOf(op, inside, window, { ...given, padding: none }));
}

/**
 * The greatest element of each window of (…×height×width); padding counts as −∞. At a tie the first
 * element of the window, row by row, takes the gradient. A NaN shows in the value of each window
 * that has it, and in the gradient of all elements of such a window.
 * @throws ShapeError when the window does not fit
 */
export function maxPool2d(x: TensorLike, window: number | Pair, options: PoolOptions = {}): Tensor {
	const image = asTensor("maxPool2d", x);
	const fill = image.dtype === "int32" ? -(2 ** 31) : Number.NEGATIVE_INFINITY;
	return max(pooled("maxPool2d", image, window, options, fill), [-2, -1]);
}

/**
 * The mean of each window of (…×height×width). A NaN shows in the value of each window that has it.
 * @throws ShapeError when the window does not fit
 */
export function avgPool2d(
	x: TensorLike,
	window: number | Pair,
	options: AveragePoolOptions = {},
): Tensor {
	const image = asTensor("avgPool2d", x);
	const all = pooled("avgPool2d", image, window, options, 0);
	if (options.countIncludePad ?? true) return mean(all, [-2, -1]);
	const ones = constant("avgPool2d", 1, image.dtype, image.shape);
	const counted = pooled("avgPool2d", ones, window, options, 0);
	return div(sum(all, [-2, -1]), sum(counted, [-2, -1]));
}

/** `maxPool2d` for (…×length), with its rules for ties and NaN. */
export function maxPool1d(
	x: TensorLike,
	window: number,
	options: { readonly stride?: number; readonly padding?: number } = {},
): Tensor {
	return squeeze(
		maxPool2d(expandDims(asTensor("maxPool1d", x), -2), [1, window], along(window, options)),
		-2,
	);
}

/** `avgPool2d` for (…×length). */
export function avgPool1d(
	x: TensorLike,
	window: number,
	options: {
		readonly stride?: number;
		readonly padding?: number;
		readonly countIncludePad?: boolean;
	} = {},
): Tensor {
	const { countIncludePad = true } = options;
	const wide = { ...along(window, options), countIncludePad };
	return squeeze(avgPool2d(expandDims(asTensor("avgPool1d", x), -2), [1, window], wide), -2);
}

function along(
	window: number,
	options: { readonly stride?: number; readonly padding?: number },
): PoolOptions {
	return { stride: [1, options.stride ?? window], padding: [0, options.padding ?? 0] };
}
