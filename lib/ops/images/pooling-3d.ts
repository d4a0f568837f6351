import * as kind from "../../core/argument-kinds.ts";
import { ShapeError } from "../../core/error.ts";
import { asTensor } from "../../core/lift.ts";
import { checkOptions } from "../../core/options.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { reshape } from "../../structure/layout.ts";
import { POOL_OPTIONS } from "../window-options.ts";
import { avgPooled, maxPooled, type PoolOptions } from "./pooled.ts";
import { readTriple, type Triple } from "./triple.ts";

/** How the windows of a three-dimensional pooling lie; see `PoolOptions`. */
export interface PoolOptions3d {
	readonly stride?: number | Triple;
	/** A number, or one for each axis, less than the window; left out: 0. */
	readonly padding?: number | Triple;
	readonly dilation?: number | Triple;
	readonly ceil?: boolean;
}

/**
 * The greatest element of each window of (…×depth×height×width), as `maxPool2d` with its rules for
 * padding and ties. A NaN shows in the value of each window that has it.
 * @throws ShapeError when the window does not fit
 */
export function maxPool3d(x: TensorLike, window: number | Triple, options?: PoolOptions3d): Tensor {
	const op = "maxPool3d";
	const given = checkOptions<PoolOptions3d>(op, options, POOL_OPTIONS);
	return planesThenDepth(op, asTensor(op, x), window, given, (image, window, options) =>
		maxPooled(op, image, window, options, 2),
	);
}

/**
 * The mean of each window of (…×depth×height×width), as `avgPool2d`.
 * @throws ShapeError when the window does not fit
 */
export function avgPool3d(
	x: TensorLike,
	window: number | Triple,
	options?: PoolOptions3d & { readonly countIncludePad?: boolean },
): Tensor {
	const op = "avgPool3d";
	const kinds = { ...POOL_OPTIONS, countIncludePad: kind.flag };
	const { countIncludePad, ...given } = checkOptions(op, options, kinds);
	return planesThenDepth(op, asTensor(op, x), window, given, (image, window, options) =>
		avgPooled(op, image, window, { ...options, countIncludePad }, 2),
	);
}

/** What pools a plane, along height and width and then along the depth: windows are boxes. */
function planesThenDepth(
	op: string,
	x: Tensor,
	window: number | Triple,
	options: PoolOptions3d,
	pool: (image: Tensor, window: readonly [number, number], options: PoolOptions) => Tensor,
): Tensor {
	if (x.rank < 3) {
		throw new ShapeError(`${op}: expected (…×depth×height×width), got ${showShape(x.shape)}`);
	}
	const [depth, ...plane] = readTriple(op, "window", window, 1);
	const { stride = window, padding = 0, dilation = 1, ceil } = options;
	const [deepStride, ...strides] = readTriple(op, "stride", stride, 1);
	const [deepPadding, ...paddings] = readTriple(op, "padding", padding, 0);
	const [deepDilation, ...dilations] = readTriple(op, "dilation", dilation, 1);
	const planes = { stride: strides, padding: paddings, dilation: dilations, ceil };
	const y = pool(x, plane, planes);
	const [lead, [height, width]] = [y.shape.slice(0, -2), y.shape.slice(-2)];
	const deep = pool(reshape(y, [...lead, height! * width!]), [depth, 1], {
		stride: [deepStride, 1],
		padding: [deepPadding, 0],
		dilation: [deepDilation, 1],
		ceil,
	});
	return reshape(deep, [...deep.shape.slice(0, -1), height!, width!]);
}
