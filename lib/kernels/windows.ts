import { ShapeError } from "../core/error.ts";
import type { Geometry, Pair } from "../core/geometry.ts";
import { showShape } from "../core/shape.ts";

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
 * The padding in rows and columns. `"same"` gives ⌈size / stride⌉ windows, with the odd row or
 * column at the end.
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
 * @param rank 1 where the user gave lines, of which images of height 1 were made
 * @throws ShapeError when the filter is larger than the padded image
 */
export function geometryOf(
	op: string,
	image: Pair,
	filter: Pair,
	options: WindowOptions,
	rank: 1 | 2 = 2,
): Geometry {
	const { stride, dilation, groups } = options;
	const shown = (pair: Pair) => showShape(pair.slice(2 - rank));
	if (filter[0] < 1 || filter[1] < 1) {
		throw new ShapeError(`${op}: expected a window of sizes from 1, got ${shown(filter)}`);
	}
	const padding = paddingFor(image, filter, options);
	const count = (axis: 0 | 1) =>
		windowCount(image[axis], filter[axis], stride[axis], dilation[axis], padding[axis]);
	const result: Pair = [count(0), count(1)];
	if (result[0] < 1 || result[1] < 1) {
		throw new ShapeError(
			`${op}: the window ${shown(filter)} with dilation ${shown(dilation)} does not fit into ${shown(image)} with padding ${padding.slice(2 - rank).join(" and ")}`,
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

/** Whether no two windows share an element of the image. */
export function areApart({ filter, result, stride, dilation }: Geometry): boolean {
	return [0, 1].every(
		(axis) => result[axis] === 1 || dilation[axis]! * (filter[axis]! - 1) < stride[axis]!,
	);
}

/**
 * Walks the windows row by row: calls `visit` for neighbours in a row of the result that one
 * element of the filter meets inside of the image, with the position of the first pair in a (filter
 * × result) matrix and of its element in the image. The next cells lie beside it, the next pixels
 * `stride[1]` apart.
 */
export function forEachOverlapRow(
	geometry: Geometry,
	visit: (cell: number, pixel: number, count: number) => void,
): void {
	const { image, filter, result, stride, dilation, before } = geometry;
	let row = 0;
	for (let a = 0; a < filter[0]; a++) {
		for (let b = 0; b < filter[1]; b++, row += result[0] * result[1]) {
			const shift = b * dilation[1] - before[1];
			const first = Math.max(0, Math.ceil(-shift / stride[1]));
			const end = Math.min(result[1], Math.floor((image[1] - 1 - shift) / stride[1]) + 1);
			if (end <= first) continue;
			for (let i = 0; i < result[0]; i++) {
				const y = i * stride[0] + a * dilation[0] - before[0];
				if (y < 0 || y >= image[0]) continue;
				const pixel = y * image[1] + first * stride[1] + shift;
				visit(row + i * result[1] + first, pixel, end - first);
			}
		}
	}
}

/** The same pair by pair. */
export function forEachOverlap(
	geometry: Geometry,
	visit: (cell: number, pixel: number) => void,
): void {
	const step = geometry.stride[1];
	forEachOverlapRow(geometry, (cell, pixel, count) => {
		for (let i = 0; i < count; i++) visit(cell + i, pixel + i * step);
	});
}
