import { calledAs } from "../../core/called-as.ts";
import { ShapeError } from "../../core/error.ts";
import { asTensor } from "../../core/lift.ts";
import { checkOptions } from "../../core/options.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { geometryOf, paddingFor, type Widths, type WindowOptions } from "../../kernels/windows.ts";
import { permute, reshape, squeeze } from "../../structure/layout.ts";
import { conv2d } from "../convolution.ts";
import { pad } from "../padding.ts";
import { CONVOLUTION_OPTIONS } from "../window-options.ts";
import { windows } from "../windows.ts";
import { readTriple, type Triple } from "./triple.ts";

type Five = [number, number, number, number, number];

/** How the windows of a three-dimensional convolution lie. */
export interface ConvolutionOptions3d {
	/** Steps from one window to the next; left out: 1. */
	readonly stride?: number | Triple;
	/** A number, one for each axis, or by name; left out: 0. */
	readonly padding?: number | Triple | "same" | "valid";
	/** Steps from one element of the window to the next; left out: 1. */
	readonly dilation?: number | Triple;
	/** Left out: 1. */
	readonly groups?: number;
}

/**
 * As `conv2d` in one dimension more: (samples×channels×depth×height×width) with filters
 * (outputs×channels/groups×depth×height×width) give (samples×outputs×depth'×height'×width'). The
 * planes that a filter sees at once are taken as channels of one plane, and that is convolved.
 * @throws ShapeError when channels, groups or sizes do not fit
 */
export function conv3d(x: TensorLike, w: TensorLike, options?: ConvolutionOptions3d): Tensor {
	const op = "conv3d";
	const [volumes, filters] = [asTensor(op, x), asTensor(op, w)];
	if (volumes.rank !== 5 || filters.rank !== 5) {
		throw new ShapeError(
			`${op}: expected (samples×channels×depth×height×width) and (outputs×channels×depth×height×width), got ${showShape(volumes.shape)} and ${showShape(filters.shape)}`,
		);
	}
	const given = checkOptions<ConvolutionOptions3d>(op, options, CONVOLUTION_OPTIONS);
	const { stride = 1, padding = 0, dilation = 1, groups = 1 } = given;
	const [outputs, perGroup, taps, ...filter] = filters.shape as Five;
	if (perGroup * groups !== volumes.shape[1] || outputs % groups !== 0) {
		throw new ShapeError(
			`${op}: expected ${perGroup * groups} input channels and outputs in ${groups} groups, got ${showShape(volumes.shape)} and ${showShape(filters.shape)}`,
		);
	}
	const [deepStride, ...strides] = readTriple(op, "stride", stride, 1);
	const [deepDilation, ...dilations] = readTriple(op, "dilation", dilation, 1);
	const word = typeof padding === "string" ? padding : null;
	const [deepPadding, ...paddings] = readTriple(op, "padding", word === null ? padding : 0, 0);
	return calledAs(op, () => {
		const planes = planesAsChannels(op, volumes, taps, {
			stride: [deepStride, 1],
			dilation: [deepDilation, 1],
			padding: word ?? [[deepPadding, deepPadding], NONE],
			groups: 1,
		});
		const [samples, depth, ...images] = planes.shape as [number, number, ...number[]];
		const y = conv2d(
			reshape(planes, [samples * depth, ...images]),
			reshape(filters, [outputs, perGroup * taps, ...filter]),
			{ stride: strides, padding: word ?? paddings, dilation: dilations, groups },
		);
		return permute(reshape(y, [samples, depth, ...y.shape.slice(1)]), [0, 2, 1, 3, 4]);
	});
}

const NONE: Widths = [0, 0];

/**
 * (samples×channels×depth×height×width) to (samples×depth'×channels·taps×height×width): at each
 * place the planes that a filter sees, those of a channel side by side.
 */
function planesAsChannels(op: string, x: Tensor, taps: number, options: WindowOptions): Tensor {
	const [samples, channels, depth, height, width] = x.shape as Five;
	const lines = reshape(x, [samples, channels, depth, height * width]);
	const [around] = paddingFor([depth, 1], [taps, 1], options);
	const padded = pad(lines, [NONE, NONE, around, NONE]);
	const size = padded.shape[2]!;
	const reach = options.dilation[0] * (taps - 1) + 1;
	if (taps < 1 || reach > size) {
		throw new ShapeError(`${op}: filters ${reach} deep do not fit into ${size} planes`);
	}
	const valid = { ...options, padding: [NONE, NONE] as const };
	const seen = windows(padded, geometryOf(op, [size, height * width], [taps, 1], valid));
	const places = permute(squeeze(seen, -1), [0, 2, 1, 4, 3]);
	return reshape(places, [samples, places.shape[1]!, channels * taps, height, width]);
}
