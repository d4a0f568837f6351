import { allocate } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import type { Geometry, Pair } from "../core/geometry.ts";
import { asTensor, constant } from "../core/lift.ts";
import { apply, type Draw, defineOp, type OpFunction } from "../core/op.ts";
import { type Shape, showShape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { accumulated } from "../kernels/indices.ts";
import { forEachOverlap, geometryOf, paddingFor, type Widths } from "../kernels/windows.ts";
import { linear } from "../kinds/linear.ts";
import { call } from "../notation/call.ts";
import { affine, placed, plus, view } from "../notation/plain.ts";
import { div } from "./arithmetic.ts";
import { sum } from "./broadcasting.ts";
import { max } from "./extremes.ts";
import { expandDims, permute, squeeze } from "./layout.ts";
import { pad } from "./padding.ts";
import { mean } from "./reductions.ts";
import { readOptions, readPair } from "./window-options.ts";

/** The shape of all windows of an image (…×height×width): …×rows×columns×height'×width'. */
function windowsShape(lead: Shape, { result, filter }: Geometry): number[] {
	return [...lead, ...result, ...filter];
}

/** The index in the image of an element of a window, for plain JavaScript. */
function pixelOf(index: readonly string[], { stride, dilation }: Geometry): string[] {
	const [i, j, a, b] = index.slice(-4) as [string, string, string, string];
	const along = (window: string, inside: string, axis: 0 | 1) =>
		plus(affine(window, stride[axis], 0), affine(inside, dilation[axis], 0));
	return [...index.slice(0, -4), along(i, a, 0), along(j, b, 1)];
}

function drawGeometry(draw: Draw): Geometry {
	const pair = (min: number, max: number): Pair => [draw.integer(min, max), draw.integer(min, max)];
	const none = [
		[0, 0],
		[0, 0],
	] as const;
	const options = { stride: pair(1, 3), dilation: pair(1, 2), groups: 1, padding: none };
	return geometryOf("sample", pair(3, 4), pair(1, 2), options);
}

/**
 * The windows of an image, without padding: (…×height×width) gives (…×rows×columns×window
 * height×window width). A view; neighbouring windows share their elements. Its transpose adds the
 * windows back (`addWindows`).
 */
export const windows: OpFunction<"windows", (x: Tensor, geometry: Geometry) => Tensor> = defineOp(
	linear<"windows", Geometry>({
		name: "windows",
		lowering: "view",
		infer: ([x], geometry) => ({
			shape: windowsShape(x!.shape.slice(0, -2), geometry),
			dtype: x!.dtype,
		}),
		evaluate: ([x], { stride, dilation }, { shape }) => {
			const [rows, columns] = [x!.strides.at(-2)!, x!.strides.at(-1)!];
			const strides = [
				...x!.strides.slice(0, -2),
				rows * stride[0],
				columns * stride[1],
				rows * dilation[0],
				columns * dilation[1],
			];
			return new Tensor(x!.storage, x!.dtype, shape, strides, x!.offset);
		},
		transpose: (g, geometry) => addWindows(g, geometry),
		typescript: (args, geometry) => call("windows", args, geometry),
		plain: view((index, geometry) => pixelOf(index, geometry)),
		print: ([x], { filter, stride, dilation }) =>
			`windows(${x}, (${filter.join(", ")}), stride=(${stride.join(", ")}), dilation=(${dilation.join(", ")}))`,
		sample: (draw) => {
			const geometry = drawGeometry(draw);
			const lead = draw.shape({ maxRank: 1 });
			return { inputs: [draw.tensor([...lead, ...geometry.image])], params: geometry };
		},
	}),
	(x: Tensor, geometry: Geometry): Tensor => apply(windows.op, [x], geometry),
);

/**
 * The transpose of `windows`: each element of a window added to the element of the image from which
 * it came.
 */
export const addWindows: OpFunction<"addWindows", (x: Tensor, geometry: Geometry) => Tensor> =
	defineOp(
		linear<"addWindows", Geometry>({
			name: "addWindows",
			lowering: "scatter",
			infer: ([x], { image }) => ({ shape: [...x!.shape.slice(0, -4), ...image], dtype: x!.dtype }),
			evaluate: ([x], geometry, { shape, dtype }) => {
				const lead = sizeOf(x!.shape.slice(0, -4));
				const [pixels, cells] = [
					sizeOf(geometry.image),
					sizeOf(geometry.filter) * sizeOf(geometry.result),
				];
				const rank = x!.rank;
				// With the window's axes first, the elements lie in the order in which the overlaps are
				// walked.
				const order = [...x!.shape.keys()].slice(0, -4);
				const values = elements(permute(x!, [...order, rank - 2, rank - 1, rank - 4, rank - 3]));
				const sums = allocate("float64", lead * pixels);
				for (let n = 0; n < lead; n++) {
					forEachOverlap(geometry, (cell, pixel) => {
						sums[n * pixels + pixel]! += values[n * cells + cell]!;
					});
				}
				return accumulated("addWindows", sums, dtype, shape);
			},
			transpose: (g, geometry) => windows(g, geometry),
			typescript: (args, geometry) => call("addWindows", args, geometry),
			plain: placed((index, geometry) => pixelOf(index, geometry)),
			traits: { zeros: true },
			print: ([x], { image, stride, dilation }) =>
				`add_windows(${x}, (${image.join(", ")}), stride=(${stride.join(", ")}), dilation=(${dilation.join(", ")}))`,
			sample: (draw) => {
				const geometry = drawGeometry(draw);
				const lead = draw.shape({ maxRank: 1 });
				return { inputs: [draw.tensor(windowsShape(lead, geometry))], params: geometry };
			},
		}),
		(x: Tensor, geometry: Geometry): Tensor => apply(addWindows.op, [x], geometry),
	);

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
 * element of the window, row by row, takes the gradient.
 * @throws ShapeError when the window does not fit
 */
export function maxPool2d(x: TensorLike, window: number | Pair, options: PoolOptions = {}): Tensor {
	const image = asTensor("maxPool2d", x);
	const fill = image.dtype === "int32" ? -(2 ** 31) : Number.NEGATIVE_INFINITY;
	return max(pooled("maxPool2d", image, window, options, fill), [-2, -1]);
}

/**
 * The mean of each window of (…×height×width).
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

/** `maxPool2d` for (…×length). */
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
