import * as kind from "../../core/argument-kinds.ts";
import { ShapeError } from "../../core/error.ts";
import type { Pair } from "../../core/geometry.ts";
import { asTensor } from "../../core/lift.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../../core/options.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { expandDims, squeeze } from "../../structure/layout.ts";
import { POOL_OPTIONS } from "../window-options.ts";
import { type AveragePoolOptions, avgPooled, maxPooled, type PoolOptions } from "./pooled.ts";

/**
 * The greatest element of each window of (…×height×width); padding counts as −∞. At a tie the first
 * element of the window, row by row, takes the gradient. A NaN shows in the value of each window
 * that has it, and in the gradient of all elements of such a window.
 * @throws ShapeError when the window does not fit
 */
export function maxPool2d(x: TensorLike, window: number | Pair, options?: PoolOptions): Tensor {
	const given = checkOptions<PoolOptions>("maxPool2d", options, POOL_OPTIONS);
	return maxPooled("maxPool2d", asTensor("maxPool2d", x), window, given, 2);
}

/**
 * The mean of each window of (…×height×width). A NaN shows in the value of each window that has it.
 * With `ceil` what lies beyond the end and the padding is no part of the mean.
 * @throws ShapeError when the window does not fit
 */
export function avgPool2d(
	x: TensorLike,
	window: number | Pair,
	options?: AveragePoolOptions,
): Tensor {
	const kinds = { ...POOL_OPTIONS, countIncludePad: kind.flag };
	const given = checkOptions<AveragePoolOptions>("avgPool2d", options, kinds);
	return avgPooled("avgPool2d", asTensor("avgPool2d", x), window, given, 2);
}

/** Options of poolings of one dimension. */
export interface PoolOptions1d {
	readonly stride?: number;
	readonly padding?: number;
	readonly dilation?: number;
	readonly ceil?: boolean;
}

const POOL_OPTIONS_1D: OptionKinds<PoolOptions1d> = {
	stride: kind.number,
	padding: kind.number,
	dilation: kind.number,
	ceil: kind.flag,
};

/** `maxPool2d` for (…×length), with its rules for ties and NaN. */
export function maxPool1d(x: TensorLike, window: number, options?: PoolOptions1d): Tensor {
	const op = "maxPool1d";
	const wide = along(window, checkOptions(op, options, POOL_OPTIONS_1D));
	return squeeze(maxPooled(op, lines(op, x), windowOf(op, window), wide, 1), -2);
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
	return squeeze(avgPooled(op, lines(op, x), windowOf(op, window), wide, 1), -2);
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
	const { stride = window, padding = 0, dilation = 1, ceil } = options;
	return { stride: [1, stride], padding: [0, padding], dilation: [1, dilation], ceil };
}
