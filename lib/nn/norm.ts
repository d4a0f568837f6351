import * as kind from "../core/argument-kinds.ts";
import { ones, zeros } from "../core/create.ts";
import { ShapeError } from "../core/error.ts";
import { labelled } from "../core/labelled.ts";
import { checkOptions, checkSizes, type OptionKinds } from "../core/options.ts";
import { type Shape, showShape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, mul, sqrt, square, sub } from "../ops/arithmetic.ts";
import { mean } from "../ops/reductions.ts";
import { reshape } from "../structure/layout.ts";
import { type InitOptions, type Layer, layerOf } from "./layer.ts";
import { placewise } from "./placewise.ts";

/** What a normalized element is multiplied with, and what is added then. */
export type ScaleAndBias = { readonly scale: Tensor; readonly bias: Tensor };

/** Options of the norms. */
export interface NormOptions {
	/** Is added to the variance, and keeps the divisor from 0; left out: 1e−5. */
	readonly epsilon?: number;
}

const NORM_OPTIONS: OptionKinds<NormOptions> = { epsilon: kind.notNegative };

/** Ones and zeros: nothing is changed at first. */
export function unchanged(size: number, options: InitOptions = {}): ScaleAndBias {
	return { scale: ones([size], options), bias: zeros([size], options) };
}

/** (x − mean) / √(variance + ε), with the mean and the variance over some axes. */
function standardized(x: Tensor, axes: number | readonly number[], epsilon: number): Tensor {
	const centred = sub(x, mean(x, axes, { keepDims: true }));
	const variance = mean(square(centred), axes, { keepDims: true });
	return labelled(div(centred, sqrt(add(variance, epsilon))), "x_hat");
}

/**
 * Layer norm: each (…×width) is brought to mean 0 and variance 1 along the last axis, then scaled
 * and moved; parameters: `scale` and `bias`, both (width). `apply` throws a ShapeError for another
 * width. (J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization", 2016.)
 */
export function layerNorm(width: number, options?: NormOptions): Layer<ScaleAndBias> {
	checkSizes("layerNorm", { width });
	const { epsilon = 1e-5 } = checkOptions("layerNorm", options, NORM_OPTIONS);
	return placewise(
		layerOf("layerNorm", {
			init: (_, options) => unchanged(width, options),
			apply: ({ scale, bias }, x) => {
				checkWidth("layerNorm", x, width);
				return add(mul(standardized(x, -1, epsilon), scale), bias);
			},
		}),
	);
}

/**
 * RMS norm: each (…×width) is divided by the root of its mean square along the last axis, then
 * scaled; parameters: `scale` (width). `apply` throws a ShapeError for another width. (B. Zhang and
 * R. Sennrich, "Root mean square layer normalization", 2019.)
 */
export function rmsNorm(width: number, options?: NormOptions): Layer<{ scale: Tensor }> {
	checkSizes("rmsNorm", { width });
	const { epsilon = 1e-5 } = checkOptions("rmsNorm", options, NORM_OPTIONS);
	return placewise(
		layerOf("rmsNorm", {
			init: (_, options) => ({ scale: ones([width], options) }),
			apply: ({ scale }, x) => {
				checkWidth("rmsNorm", x, width);
				const meanSquare = mean(square(x), -1, { keepDims: true });
				return mul(labelled(div(x, sqrt(add(meanSquare, epsilon))), "x_hat"), scale);
			},
		}),
	);
}

/**
 * Group norm: the channels of each sample (samples×channels×…) are taken in groups, each of which
 * is brought to mean 0 and variance 1; then each channel is scaled and moved; parameters: `scale`
 * and `bias`, both (channels). As many groups as channels make it instance norm. `apply` throws a
 * ShapeError for another number of channels. (Y. Wu and K. He, "Group normalization", 2018.)
 * @throws ShapeError when the channels do not fall into groups
 */
export function groupNorm(
	groups: number,
	channels: number,
	options?: NormOptions,
): Layer<ScaleAndBias> {
	checkSizes("groupNorm", { groups, channels });
	const { epsilon = 1e-5 } = checkOptions("groupNorm", options, NORM_OPTIONS);
	if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
		throw new ShapeError(`groupNorm: expected ${channels} channels to fall into ${groups} groups`);
	}
	return layerOf("groupNorm", {
		init: (_, options) => unchanged(channels, options),
		apply: ({ scale, bias }, x) => {
			checkChannels("groupNorm", x, channels);
			const [samples, , ...places] = x.shape as [number, number, ...number[]];
			const grouped = reshape(x, [samples, groups, (channels / groups) * sizeOf(places)]);
			const even = reshape(standardized(grouped, -1, epsilon), x.shape);
			return add(mul(even, perChannel(scale, x.shape)), perChannel(bias, x.shape));
		},
	});
}

/** A number for each channel, in a shape that broadcasts to (samples×channels×…). */
export function perChannel(values: Tensor, shape: Shape): Tensor {
	return reshape(values, [values.size, ...shape.slice(2).map(() => 1)]);
}

/** @throws ShapeError when x is not (samples×channels×…) with so many channels */
export function checkChannels(op: string, x: Tensor, channels: number): void {
	if (x.rank >= 2 && x.shape[1] === channels) return;
	throw new ShapeError(`${op}: expected (samples×${channels}×…), got ${showShape(x.shape)}`);
}

function checkWidth(op: string, x: Tensor, width: number): void {
	if (x.shape.at(-1) === width) return;
	throw new ShapeError(`${op}: expected (…×${width}), got ${showShape(x.shape)}`);
}
