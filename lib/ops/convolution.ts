import { calledAs } from "../core/called-as.ts";
import { ShapeError } from "../core/error.ts";
import type { Geometry, Pair } from "../core/geometry.ts";
import { asTensor } from "../core/lift.ts";
import { checkOptions } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { geometryOf, imageSize, paddingFor, type WindowOptions } from "../kernels/windows.ts";
import { expandDims, squeeze } from "../structure/layout.ts";
import { convolve, convolveInput } from "./convolve.ts";
import {
	CONVOLUTION_OPTIONS,
	type ConvolutionOptions,
	type ConvolutionOptions1d,
	OPTIONS_1D,
	readOptions,
	TRANSPOSED_OPTIONS,
	TRANSPOSED_OPTIONS_1D,
	widened,
} from "./window-options.ts";

function checkRanks(op: string, x: Tensor, w: Tensor, rank: number, layouts: string): void {
	if (x.rank === rank && w.rank === rank) return;
	throw new ShapeError(
		`${op}: expected ${layouts}, got ${showShape(x.shape)} and ${showShape(w.shape)}`,
	);
}

/**
 * The two-dimensional convolution (cross-correlation, as the field calls it): images (samples ×
 * channels × height × width) with filters (outputs × channels / groups × height × width) give
 * (samples × outputs × height' × width'). Padding is a number, one for each axis, `[[top, bottom],
 * [left, right]]`, `"same"` or `"valid"`.
 * @throws ShapeError when channels, groups or sizes do not fit
 */
export function conv2d(x: TensorLike, w: TensorLike, options?: ConvolutionOptions): Tensor {
	const [image, filters] = [asTensor("conv2d", x), asTensor("conv2d", w)];
	checkRanks(
		"conv2d",
		image,
		filters,
		4,
		"(samples×channels×height×width) and (outputs×channels×height×width)",
	);
	const given = checkOptions("conv2d", options, CONVOLUTION_OPTIONS);
	return convolved("conv2d", image, filters, readOptions("conv2d", given));
}

/** The convolution of images, or of lines of which the images were made. */
function convolved(
	op: string,
	image: Tensor,
	filters: Tensor,
	given: WindowOptions,
	rank: 1 | 2 = 2,
): Tensor {
	const [samples, inputs] = image.shape as [number, number];
	const [outputs, perGroup] = filters.shape as [number, number];
	const { groups } = given;
	if (perGroup * groups !== inputs || outputs % groups !== 0) {
		throw new ShapeError(
			`${op}: expected ${perGroup * groups} input channels and outputs in ${groups} groups, ` +
				`got ${shown(image, rank)} and ${shown(filters, rank)}`,
		);
	}
	const geometry = geometryOf(op, plane(image), plane(filters), given, rank);
	return calledAs(op, () => convolve(image, filters, { geometry, samples, inputs, outputs }));
}

/** Options of a transposed convolution. */
export interface TransposedOptions extends ConvolutionOptions {
	/** Rows and columns added at the end of the result; less than the stride. */
	readonly outputPadding?: number | Pair;
}

/**
 * The transpose of `conv2d` by its images, as a layer: (samples × inputs × height × width) with
 * filters (inputs × outputs / groups × height × width). A stride spreads the result out.
 * @throws ShapeError when channels, groups or sizes do not fit
 */
export function convTranspose2d(x: TensorLike, w: TensorLike, options?: TransposedOptions): Tensor {
	const op = "convTranspose2d";
	const [image, filters] = [asTensor(op, x), asTensor(op, w)];
	checkRanks(
		op,
		image,
		filters,
		4,
		"(samples×inputs×height×width) and (inputs×outputs×height×width)",
	);
	return spreadOut(op, image, filters, checkOptions(op, options, TRANSPOSED_OPTIONS));
}

/** The transposed convolution of images, or of lines of which the images were made. */
function spreadOut(
	op: string,
	image: Tensor,
	filters: Tensor,
	{ outputPadding = 0, ...options }: TransposedOptions,
	rank: 1 | 2 = 2,
): Tensor {
	const given = readOptions(op, options);
	const extra: Pair =
		typeof outputPadding === "number" ? [outputPadding, outputPadding] : outputPadding;
	const [samples, channels] = image.shape as [number, number];
	const { stride, dilation, groups, padding } = given;
	if (padding === "same")
		throw new ShapeError(`${op}: padding "same" has no meaning here; give numbers`);
	if (filters.shape[0] !== channels || channels % groups !== 0) {
		throw new ShapeError(
			`${op}: expected ${filters.shape[0]} input channels in ${groups} groups, got ${shown(image, rank)} and ${shown(filters, rank)}`,
		);
	}
	const [filter, widths] = [plane(filters), paddingFor(plane(image), plane(filters), given)];
	const size = (axis: 0 | 1) => {
		if (!Number.isInteger(extra[axis]) || extra[axis] < 0 || extra[axis] >= stride[axis]) {
			throw new ShapeError(
				`${op}: outputPadding is from 0 to below the stride ${stride[axis]}, got ${extra[axis]}`,
			);
		}
		const whole =
			imageSize(plane(image)[axis], filter[axis], stride[axis], dilation[axis], widths[axis]) +
			extra[axis];
		if (whole < 0) {
			throw new ShapeError(
				`${op}: expected less padding than the result has room for, got ${widths[axis]} for ${shown(image, rank)} with filters ${shown(filters, rank)}`,
			);
		}
		return whole;
	};
	const whole: Pair = [size(0), size(1)];
	const geometry: Geometry = {
		...geometryOf(op, whole, filter, { ...given, padding: widths }, rank),
		result: plane(image),
	};
	const inputs = filters.shape[1]! * groups;
	return calledAs(op, () =>
		convolveInput(image, filters, { geometry, samples, inputs, outputs: channels }),
	);
}

/**
 * As `conv2d`: (samples × channels × length) with filters (outputs × channels / groups × length).
 * @throws ShapeError when channels, groups or sizes do not fit
 */
export function conv1d(x: TensorLike, w: TensorLike, options?: ConvolutionOptions1d): Tensor {
	const [signal, filters] = [asTensor("conv1d", x), asTensor("conv1d", w)];
	checkRanks(
		"conv1d",
		signal,
		filters,
		3,
		"(samples×channels×length) and (outputs×channels×length)",
	);
	const given = readOptions("conv1d", widened(checkOptions("conv1d", options, OPTIONS_1D)));
	return squeeze(convolved("conv1d", expandDims(signal, 2), expandDims(filters, 2), given, 1), 2);
}

/**
 * The transpose of `conv1d` as a layer, with filters (inputs × outputs / groups × length).
 * @throws ShapeError when channels, groups or sizes do not fit
 */
export function convTranspose1d(
	x: TensorLike,
	w: TensorLike,
	options?: ConvolutionOptions1d & { readonly outputPadding?: number },
): Tensor {
	const op = "convTranspose1d";
	const [signal, filters] = [asTensor(op, x), asTensor(op, w)];
	checkRanks(op, signal, filters, 3, "(samples×inputs×length) and (inputs×outputs×length)");
	const { outputPadding = 0, ...rest } = checkOptions(op, options, TRANSPOSED_OPTIONS_1D);
	const wide = { ...widened(rest), outputPadding: [0, outputPadding] as const };
	return squeeze(spreadOut(op, expandDims(signal, 2), expandDims(filters, 2), wide, 1), 2);
}

/** A shape as the user gave it: without the height of 1 that a line was given. */
function shown({ shape }: Tensor, rank: 1 | 2): string {
	return showShape(rank === 2 ? shape : shape.toSpliced(2, 1));
}

function plane(x: Tensor): Pair {
	return [x.shape[2]!, x.shape[3]!];
}
