import { ShapeError } from "../error.ts";
import { showShape } from "../shape.ts";

/** A value along the height and one along the width. */
export type Pair = readonly [height: number, width: number];

/** How windows of a filter's size lie over an image. */
export interface Geometry {
	/** Height and width of the image, of the filter and of the result. */
	readonly image: Pair;
	readonly filter: Pair;
	readonly result: Pair;
	readonly stride: Pair;
	readonly dilation: Pair;
	/** Rows above and columns to the left that lie outside of the image; what lies outside counts as 0. */
	readonly before: Pair;
	/** Channels are split into so many groups that do not meet. */
	readonly groups: number;
}

/** Rows or columns added at the two ends of an axis. */
export type Widths = readonly [before: number, after: number];

/** How many windows fit along an axis. */
function windowCount(
	size: number,
	filter: number,
	stride: number,
	dilation: number,
	pad: Widths,
): number {
	const reach = dilation * (filter - 1) + 1;
	return Math.floor((size + pad[0] + pad[1] - reach) / stride) + 1;
}

/** The size of an image of which a transposed convolution makes `result` windows. */
export function imageSize(
	result: number,
	filter: number,
	stride: number,
	dilation: number,
	pad: Widths,
): number {
	return (result - 1) * stride - pad[0] - pad[1] + dilation * (filter - 1) + 1;
}

/** What a user says of the windows, for each axis. */
export interface WindowOptions {
	readonly stride: Pair;
	readonly dilation: Pair;
	readonly padding: readonly [Widths, Widths] | "same" | "valid";
	readonly groups: number;
}

/**
 * The padding in rows and columns. `"same"` gives ⌈size / stride⌉ windows, with the odd row or column at the end.
 */
export function paddingFor(
	image: Pair,
	filter: Pair,
	options: WindowOptions,
): readonly [Widths, Widths] {
	const { padding, stride, dilation } = options;
	if (typeof padding !== "string") return padding;
	const along = (axis: 0 | 1): Widths => {
		if (padding === "valid") return [0, 0];
		const reach = dilation[axis] * (filter[axis] - 1) + 1;
		const covered = (Math.ceil(image[axis] / stride[axis]) - 1) * stride[axis] + reach;
		const total = Math.max(0, covered - image[axis]);
		return [Math.floor(total / 2), Math.ceil(total / 2)];
	};
	return [along(0), along(1)];
}

/**
 * Where the windows of a filter lie in an image.
 * @throws ShapeError when the filter is larger than the padded image
 */
export function geometryOf(
	op: string,
	image: Pair,
	filter: Pair,
	options: WindowOptions,
): Geometry {
	const { stride, dilation, groups } = options;
	if (filter[0] < 1 || filter[1] < 1) {
		throw new ShapeError(`${op}: expected a window of sizes from 1, got ${showShape(filter)}`);
	}
	const padding = paddingFor(image, filter, options);
	const count = (axis: 0 | 1) =>
		windowCount(image[axis], filter[axis], stride[axis], dilation[axis], padding[axis]);
	const result: Pair = [count(0), count(1)];
	if (result[0] < 1 || result[1] < 1) {
		throw new ShapeError(
			`${op}: the window ${showShape(filter)} with dilation ${showShape(dilation)} does not fit into the image ${showShape(image)} with padding ${padding.join(" and ")}`,
		);
	}
	return {
		image,
		filter,
		result,
		stride,
		dilation,
		before: [padding[0][0], padding[1][0]],
		groups,
	};
}

/**
 * Walks the windows: calls `visit` for each element of the filter and of the result that meet inside of the image, with the
 * position of the pair in a (filter × result) matrix and of the element in the image.
 */
export function forEachOverlap(
	geometry: Geometry,
	visit: (cell: number, pixel: number) => void,
): void {
	const { image, filter, result, stride, dilation, before } = geometry;
	let row = 0;
	for (let a = 0; a < filter[0]; a++) {
		for (let b = 0; b < filter[1]; b++, row += result[0] * result[1]) {
			for (let i = 0; i < result[0]; i++) {
				const y = i * stride[0] + a * dilation[0] - before[0];
				if (y < 0 || y >= image[0]) continue;
				for (let j = 0; j < result[1]; j++) {
					const x = j * stride[1] + b * dilation[1] - before[1];
					if (x < 0 || x >= image[1]) continue;
					visit(row + i * result[1] + j, y * image[1] + x);
				}
			}
		}
	}
}
