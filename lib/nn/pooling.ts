import * as kind from "../core/argument-kinds.ts";
import type { Pair } from "../core/geometry.ts";
import { checkArgument } from "../core/options.ts";
import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { AveragePoolOptions, PoolOptions } from "../ops/images/pooled.ts";
import * as ops from "../ops/images/pooling.ts";
import type { PoolOptions3d } from "../ops/images/pooling-3d.ts";
import * as deep from "../ops/images/pooling-3d.ts";
import type { Triple } from "../ops/images/triple.ts";
import { mean } from "../ops/reductions.ts";
import { reshape } from "../structure/layout.ts";

// Layers without parameters: functions of a tensor, made from the options of a pooling.

/** The greatest element of each window of (…×height×width); see the op of that name. */
export function maxPool2d(window: number | Pair, options: PoolOptions = {}) {
	return (x: Tensor): Tensor => ops.maxPool2d(x, window, options);
}

/** The mean of each window of (…×height×width); see the op of that name. */
export function avgPool2d(window: number | Pair, options: AveragePoolOptions = {}) {
	return (x: Tensor): Tensor => ops.avgPool2d(x, window, options);
}

/** The greatest element of each window of (…×length); see the op of that name. */
export function maxPool1d(window: number, options: Parameters<typeof ops.maxPool1d>[2] = {}) {
	return (x: Tensor): Tensor => ops.maxPool1d(x, window, options);
}

/** The mean of each window of (…×length); see the op of that name. */
export function avgPool1d(window: number, options: Parameters<typeof ops.avgPool1d>[2] = {}) {
	return (x: Tensor): Tensor => ops.avgPool1d(x, window, options);
}

/** The greatest element of each window of (…×depth×height×width); see the op of that name. */
export function maxPool3d(window: number | Triple, options: PoolOptions3d = {}) {
	return (x: Tensor): Tensor => deep.maxPool3d(x, window, options);
}

/** The mean of each window of (…×depth×height×width); see the op of that name. */
export function avgPool3d(
	window: number | Triple,
	options: Parameters<typeof deep.avgPool3d>[2] = {},
) {
	return (x: Tensor): Tensor => deep.avgPool3d(x, window, options);
}

/** The mean of each channel: (samples×channels×…) gives (samples×channels). */
export function globalAveragePool(x: Tensor): Tensor {
	checkArgument("globalAveragePool", "", x, kind.aTensor);
	return mean(flattenPlaces(x), -1);
}

/** The axes after the channels as one. */
function flattenPlaces(x: Tensor): Tensor {
	return reshape(x, [...x.shape.slice(0, 2), sizeOf(x.shape.slice(2))]);
}

/** All axes but the first as one: (samples×…) gives (samples×elements). */
export function flatten(x: Tensor): Tensor {
	checkArgument("flatten", "", x, kind.aTensor);
	return reshape(x, [...x.shape.slice(0, 1), sizeOf(x.shape.slice(1))]);
}
