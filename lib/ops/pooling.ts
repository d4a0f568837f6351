import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { ShapeError } from "../core/error.ts";
import type { Pair } from "../core/geometry.ts";
import { asTensor, broadcastNumber } from "../core/lift.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { geometryOf, paddingFor, type Widths } from "../kernels/windows.ts";
import { sum } from "../structure/broadcasting.ts";
import { expandDims, squeeze } from "../structure/layout.ts";
import { div } from "./arithmetic.ts";
import { max } from "./extremes.ts";
import { pad } from "./padding.ts";
import { mean } from "./reductions.ts";
import { POOL_OPTIONS, readOptions, readPair } from "./window-options.ts";
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
	rank: 1 | 2,
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
			`${op}: expected less padding than the window ${showShape(window.slice(2 - rank))}, got ${widths.slice(2 - rank).join(" and ")}`,
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
	return windows(padded, geometryOf(op, inside, window, { ...given, padding: none }, rank));
}

/**
 * The greatest element of each window of (…×height×width); padding counts as −∞. At a tie the first
 * element of the window, row by row, takes the gradient. A NaN shows in the value of each window
 * that has it, and in the gradient of all elements of such a window.
 * @throws ShapeError when the window does not fit
 */
export function maxPool2d(x: TensorLike, window: number | Pair, options?: PoolOptions): Tensor {
	const given = checkOptions<PoolOptions>("maxPool2d", options, POOL_OPTIONS);
	return greatest("maxPool2d", asTensor("maxPool2d", x), window, given, 2);
}

function greatest(
	op: string,
	image: Tensor,
	window: number | Pair,
	options: PoolOptions,
	rank: 1 | 2,
): Tensor {
	const fill = image.dtype === "int32" ? -(2 ** 31) : Number.NEGATIVE_INFINITY;
	const windows = pooled(op, image, window, options, fill, rank);
	return calledAs(op, () => max(windows, [-2, -1]));
}

/**
 * The mean of each window of (…×height×width). A NaN shows in the value of each window that has it.
 * @throws ShapeError when the window does not fit
 */
export function avgPool2d(
	x: TensorLike,
	window: number | Pair,
	options?: AveragePoolOptions,
): Tensor {
	const kinds = { ...POOL_OPTIONS, countIncludePad: kind.flag };
	const given = checkOptions<AveragePoolOptions>("avgPool2d", options, kinds);
	return averages("avgPool2d", asTensor("avgPool2d", x), window, given, 2);
}

function averages(
	op: string,
	image: Tensor,
	window: number | Pair,
	options: AveragePoolOptions,
	rank: 1 | 2,
): Tensor {
	const all = pooled(op, image, window, options, 0, rank);
	if (options.countIncludePad ?? true) return mean(all, [-2, -1]);
	const ones = broadcastNumber(op, 1, image.dtype, image.shape);
	const counted = pooled(op, ones, window, options, 0, rank);
	return div(sum(all, [-2, -1]), sum(counted, [-2, -1]));
}

/** Options of poolings of one dimension. */
export interface PoolOptions1d {
	readonly stride?: number;
	readonly padding?: number;
}

const POOL_OPTIONS_1D: OptionKinds<PoolOptions1d> = { stride: kind.number, padding: kind.number };

/** `maxPool2d` for (…×length), with its rules for ties and NaN. */
export function maxPool1d(x: TensorLike, window: number, options?: PoolOptions1d): Tensor {
	const op = "maxPool1d";
	const wide = along(window, checkOptions(op, options, POOL_OPTIONS_1D));
	return squeeze(greatest(op, lines(op, x), windowOf(op, window), wide, 1), -2);
}

/** `avgPool2d` for (…×length). */
export function avgPool1d(
	x: TensorLike,
	window: number,
	options?: PoolOptions1d & { readonly countIncludePad?: boolean },
): Tensor {
	const op = "avgPool1d";
	const kinds = { ...POOL_OPTIONS_1D, countIncludePad: kind.flag };
	const { countIncludePad = true, ...rest } = checkOptions(op, options, kinds);
	const wide = { ...along(window, rest), countIncludePad };
	return squeeze(averages(op, lines(op, x), windowOf(op, window), wide, 1), -2);
}

/** Lines (…×length) as images of height 1. */
function lines(op: string, x: TensorLike): Tensor {
	const t = asTensor(op, x);
	if (t.rank === 0) throw new ShapeError(`${op}: expected (…×length), got ${showShape(t.shape)}`);
	return expandDims(t, -2);
}

function windowOf(op: string, window: number): Pair {
	checkArgument(op, "the window", window, kind.number);
	return [1, window];
}

function along(window: number, options: PoolOptions1d): PoolOptions {
	return { stride: [1, options.stride ?? window], padding: [0, options.padding ?? 0] };
}
