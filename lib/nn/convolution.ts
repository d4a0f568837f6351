import { zeros } from "../core/create.ts";
import type { Pair } from "../core/geometry.ts";
import { checkOptions, checkSizes } from "../core/options.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add } from "../ops/arithmetic.ts";
import * as ops from "../ops/convolution.ts";
import {
	type ConvolutionOptions3d,
	conv3d as deepConvolution,
} from "../ops/images/convolution-3d.ts";
import { readTriple, type Triple } from "../ops/images/triple.ts";
import {
	CONVOLUTION_OPTIONS,
	type ConvolutionOptions,
	type ConvolutionOptions1d,
	OPTIONS_1D,
	readPair,
	TRANSPOSED_OPTIONS,
	TRANSPOSED_OPTIONS_1D,
} from "../ops/window-options.ts";
import { glorotUniform } from "./initializers.ts";
import { type Layer, layerOf } from "./layer.ts";
import { WEIGHT_OPTIONS, type WeightOptions, type Weights } from "./linear.ts";
import { perChannel } from "./norm.ts";

/** What a convolution of filters `w`, in a fixed geometry, makes of x. */
type Convolve = (x: Tensor, w: Tensor) => Tensor;

/** A layer that convolves and adds a bias for each channel. */
function convolution<Bias extends boolean>(
	name: string,
	shape: Shape,
	channels: { readonly inputs: number; readonly outputs: number; readonly groups: number },
	{ weights = glorotUniform, bias = true as Bias }: WeightOptions<Bias>,
	convolve: Convolve,
): Layer<Weights<Bias>> {
	const { inputs, outputs, groups } = channels;
	const window = sizeOf(shape.slice(2));
	const fans = { fanIn: (inputs / groups) * window, fanOut: (outputs / groups) * window };
	return layerOf(name, {
		init: (key, { dtype } = {}) => {
			const w = weights(key, shape, { dtype, fans });
			return (bias ? { w, b: zeros([outputs], { dtype: w.dtype }) } : { w }) as Weights<Bias>;
		},
		apply: ({ w, b }: { w: Tensor; b?: Tensor }, x) => {
			const out = convolve(x, w);
			return b === undefined ? out : add(out, perChannel(b, out.shape));
		},
	});
}

/** Options of `conv2d`: how windows lie, how weights are drawn. */
export interface Conv2dOptions<Bias extends boolean = boolean>
	extends ConvolutionOptions,
		WeightOptions<Bias> {}

/**
 * A two-dimensional convolution: (samples×inputs×height×width) gives
 * (samples×outputs×height'×width'). The window is a number or (height, width); stride, padding,
 * dilation and groups are those of the op `conv2d`. Parameters: `w`
 * (outputs×inputs/groups×height×width) and `b` (outputs).
 */
export function conv2d<Bias extends boolean = true>(
	inputs: number,
	outputs: number,
	window: number | Pair,
	options?: Conv2dOptions<Bias>,
): Layer<Weights<Bias>> {
	checkSizes("conv2d", { inputs, outputs });
	const kinds = { ...CONVOLUTION_OPTIONS, ...WEIGHT_OPTIONS };
	const { weights, bias, ...windows } = checkOptions<Conv2dOptions>("conv2d", options, kinds);
	const { groups = 1 } = windows;
	return convolution(
		"conv2d",
		[outputs, inputs / groups, ...readPair("conv2d", "window", window, 1)],
		{ inputs, outputs, groups },
		{ weights, bias: bias as Bias },
		(x, w) => ops.conv2d(x, w, windows),
	);
}

/** Options of `conv1d`: how windows lie, how weights are drawn. */
export interface Conv1dOptions<Bias extends boolean = boolean>
	extends ConvolutionOptions1d,
		WeightOptions<Bias> {}

/**
 * A convolution along a line: (samples×inputs×length) gives (samples×outputs×length'). Parameters:
 * `w` (outputs×inputs/groups×window) and `b` (outputs).
 */
export function conv1d<Bias extends boolean = true>(
	inputs: number,
	outputs: number,
	window: number,
	options?: Conv1dOptions<Bias>,
): Layer<Weights<Bias>> {
	checkSizes("conv1d", { inputs, outputs, window });
	const kinds = { ...OPTIONS_1D, ...WEIGHT_OPTIONS };
	const { weights, bias, ...windows } = checkOptions<Conv1dOptions>("conv1d", options, kinds);
	const { groups = 1 } = windows;
	return convolution(
		"conv1d",
		[outputs, inputs / groups, window],
		{ inputs, outputs, groups },
		{ weights, bias: bias as Bias },
		(x, w) => ops.conv1d(x, w, windows),
	);
}

/** Options of `conv3d`: how windows lie, how weights are drawn. */
export interface Conv3dOptions<Bias extends boolean = boolean>
	extends ConvolutionOptions3d,
		WeightOptions<Bias> {}

/**
 * A three-dimensional convolution: (samples×inputs×depth×height×width) gives
 * (samples×outputs×depth'×height'×width'); see the op `conv3d`. Parameters: `w`
 * (outputs×inputs/groups×depth×height×width) and `b` (outputs).
 */
export function conv3d<Bias extends boolean = true>(
	inputs: number,
	outputs: number,
	window: number | Triple,
	options?: Conv3dOptions<Bias>,
): Layer<Weights<Bias>> {
	checkSizes("conv3d", { inputs, outputs });
	const kinds = { ...CONVOLUTION_OPTIONS, ...WEIGHT_OPTIONS };
	const { weights, bias, ...windows } = checkOptions<Conv3dOptions>("conv3d", options, kinds);
	const { groups = 1 } = windows;
	return convolution(
		"conv3d",
		[outputs, inputs / groups, ...readTriple("conv3d", "window", window, 1)],
		{ inputs, outputs, groups },
		{ weights, bias: bias as Bias },
		(x, w) => deepConvolution(x, w, windows),
	);
}

/** Options of `convTranspose2d`: how windows lie, how weights are drawn. */
export interface ConvTranspose2dOptions<Bias extends boolean = boolean>
	extends ops.TransposedOptions,
		WeightOptions<Bias> {}

/**
 * The transpose of a two-dimensional convolution, which spreads out what a stride would thin:
 * (samples×inputs×height×width) gives (samples×outputs×height'×width'). Options are those of the op
 * `convTranspose2d`. Parameters: `w` (inputs×outputs/groups×height×width) and `b` (outputs).
 */
export function convTranspose2d<Bias extends boolean = true>(
	inputs: number,
	outputs: number,
	window: number | Pair,
	options?: ConvTranspose2dOptions<Bias>,
): Layer<Weights<Bias>> {
	checkSizes("convTranspose2d", { inputs, outputs });
	const kinds = { ...TRANSPOSED_OPTIONS, ...WEIGHT_OPTIONS };
	const { weights, bias, ...windows } = checkOptions<ConvTranspose2dOptions>(
		"convTranspose2d",
		options,
		kinds,
	);
	const { groups = 1 } = windows;
	return convolution(
		"convTranspose2d",
		[inputs, outputs / groups, ...readPair("convTranspose2d", "window", window, 1)],
		{ inputs, outputs, groups },
		{ weights, bias: bias as Bias },
		(x, w) => ops.convTranspose2d(x, w, windows),
	);
}

/** Options of `convTranspose1d`: how windows lie, how weights are drawn. */
export interface ConvTranspose1dOptions<Bias extends boolean = boolean>
	extends ConvolutionOptions1d,
		WeightOptions<Bias> {
	/** Elements added at the end of the result; less than the stride. */
	readonly outputPadding?: number;
}

/**
 * The transpose of a convolution along a line: (samples×inputs×length) gives
 * (samples×outputs×length'). Parameters: `w` (inputs×outputs/groups×window) and `b` (outputs).
 */
export function convTranspose1d<Bias extends boolean = true>(
	inputs: number,
	outputs: number,
	window: number,
	options?: ConvTranspose1dOptions<Bias>,
): Layer<Weights<Bias>> {
	checkSizes("convTranspose1d", { inputs, outputs, window });
	const kinds = { ...TRANSPOSED_OPTIONS_1D, ...WEIGHT_OPTIONS };
	const { weights, bias, ...windows } = checkOptions<ConvTranspose1dOptions>(
		"convTranspose1d",
		options,
		kinds,
	);
	const { groups = 1 } = windows;
	return convolution(
		"convTranspose1d",
		[inputs, outputs / groups, window],
		{ inputs, outputs, groups },
		{ weights, bias: bias as Bias },
		(x, w) => ops.convTranspose1d(x, w, windows),
	);
}
