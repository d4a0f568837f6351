import { calledAs } from "../../core/called-as.ts";
import { ShapeError } from "../../core/error.ts";
import type { Pair } from "../../core/geometry.ts";
import { broadcastNumber } from "../../core/lift.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { geometryOf, paddingFor, type Widths } from "../../kernels/windows.ts";
import { sum } from "../../structure/broadcasting.ts";
import { div } from "../arithmetic.ts";
import { max } from "../extremes.ts";
import { pad } from "../padding.ts";
import { mean } from "../reductions.ts";
import { readOptions, readPair } from "../window-options.ts";
import { windows } from "../windows.ts";

// What the poolings are made of: windows of an image, and one number of each.

/** How the windows of a two-dimensional pooling lie. */
export interface PoolOptions {
	/** Left out: the size of the window, so that windows do not overlap. */
	readonly stride?: number | Pair;
	/** A number, one for each axis, or both ends of each axis, less than the window; left out: 0. */
	readonly padding?: number | Pair | readonly [Widths, Widths];
	/** Steps from one element of the window to the next; left out: 1. */
	readonly dilation?: number | Pair;
	/**
	 * Whether the last window of an axis may reach beyond the end, where nothing counts, if it begins
	 * before it: as PyTorch's `ceil_mode`. Left out: no, and what does not fill a window is left out.
	 */
	readonly ceil?: boolean;
}

/** Options of `avgPool2d`. */
export interface AveragePoolOptions extends PoolOptions {
	/** Whether padding counts as elements of value 0; left out: true. */
	readonly countIncludePad?: boolean;
}

/** By how much the last window of an axis reaches beyond its end. */
function overhang(size: number, window: number, stride: number, dilation: number, pad: Widths) {
	const reach = dilation * (window - 1) + 1;
	const rest = size + pad[0] + pad[1] - reach;
	const last = Math.ceil(rest / stride) * stride;
	const begins = last < size + pad[0] ? last : last - stride;
	return Math.max(0, begins - rest);
}

/** The windows of an image padded with `fill`, and with `beyond` where they reach beyond that. */
export function pooled(
	op: string,
	x: Tensor,
	size: number | Pair,
	options: PoolOptions,
	fill: number,
	rank: 1 | 2,
	beyond = fill,
): Tensor {
	if (x.rank < 2)
		throw new ShapeError(`${op}: expected (…×height×width), got ${showShape(x.shape)}`);
	const window = readPair(op, "window", size, 1);
	const { stride = window, padding = 0, dilation = 1, ceil = false } = options;
	const given = readOptions(op, { stride, padding, dilation });
	const image: Pair = [x.shape.at(-2)!, x.shape.at(-1)!];
	const widths = paddingFor(image, window, given);
	for (const axis of [0, 1] as const) {
		if (Math.max(...widths[axis]) < window[axis]) continue;
		throw new ShapeError(
			`${op}: expected less padding than the window ${showShape(window.slice(2 - rank))}, got ${widths.slice(2 - rank).join(" and ")}`,
		);
	}
	const more = (axis: 0 | 1): Widths => {
		const [step, apart] = [given.stride[axis], given.dilation[axis]];
		return [0, ceil ? overhang(image[axis], window[axis], step, apart, widths[axis]) : 0];
	};
	const padded = around(around(x, widths, fill), [more(0), more(1)], beyond);
	const inside: Pair = [padded.shape.at(-2)!, padded.shape.at(-1)!];
	return windows(padded, geometryOf(op, inside, window, { ...given, padding: NONE }, rank));
}

const NONE = [
	[0, 0],
	[0, 0],
] as const;

/** The images with rows and columns of `value` around them. */
function around(x: Tensor, widths: readonly [Widths, Widths], value: number): Tensor {
	if (!widths.flat().some((width) => width > 0)) return x;
	return pad(x, [...x.shape.slice(0, -2).map((): Widths => [0, 0]), ...widths], { value });
}

/** The greatest elements of windows of images, or of lines of which the images were made. */
export function maxPooled(
	op: string,
	image: Tensor,
	window: number | Pair,
	options: PoolOptions,
	rank: 1 | 2,
): Tensor {
	const windows = pooled(op, image, window, options, lowest(image), rank);
	return calledAs(op, () => max(windows, [-2, -1]));
}

/** What is less than every element. */
export function lowest({ dtype }: Tensor): number {
	return dtype === "int32" ? -(2 ** 31) : Number.NEGATIVE_INFINITY;
}

/** The means of windows of images, or of lines of which the images were made. */
export function avgPooled(
	op: string,
	image: Tensor,
	window: number | Pair,
	options: AveragePoolOptions,
	rank: 1 | 2,
): Tensor {
	const { countIncludePad = true, ceil = false } = options;
	const all = pooled(op, image, window, options, 0, rank);
	if (countIncludePad && !ceil) return mean(all, [-2, -1]);
	const ones = broadcastNumber(op, 1, image.dtype, image.shape);
	const counted = pooled(op, ones, window, options, countIncludePad ? 1 : 0, rank, 0);
	return div(sum(all, [-2, -1]), sum(counted, [-2, -1]));
}
