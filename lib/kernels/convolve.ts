import { allocate, type TypedArray } from "../core/dtype.ts";
import type { Channels, Geometry } from "../core/geometry.ts";
import { gemm } from "./gemm.ts";
import type { Matrix } from "./matrix.ts";
import { forEachOverlapRow } from "./windows.ts";

// Convolutions as matrix products. For each sample and group the windows of the image form a matrix
// with a row for each element of the filter and a column for each element of the result. All
// buffers are row-major: images are samples × channels × height × width, filters outputs × inputs
// of a group × height × width.

const area = ([height, width]: readonly [number, number]) => height * width;

const rowMajor = (storage: TypedArray, offset: number, columns: number): Matrix => ({
	array: storage,
	offset,
	rowStride: columns,
	columnStride: 1,
});

const transposed = (storage: TypedArray, offset: number, rows: number): Matrix => ({
	array: storage,
	offset,
	rowStride: 1,
	columnStride: rows,
});

/**
 * Where pixels of the image go in the matrix of windows, a row at a time: cell, pixel and count of
 * each.
 */
interface Overlaps {
	readonly rows: Int32Array;
	/** From one pixel of a row to the next. */
	readonly step: number;
}

function overlapsOf(geometry: Geometry): Overlaps {
	const rows: number[] = [];
	forEachOverlapRow(geometry, (cell, pixel, count) => rows.push(cell, pixel, count));
	return { rows: Int32Array.from(rows), step: geometry.stride[1] };
}

/** The parts that each sample and group works on. */
interface Block {
	/** Where its channels begin in the image, the filter and the result. */
	readonly image: number;
	readonly filter: number;
	readonly result: number;
}

function forEachBlock(geometry: Geometry, channels: Channels, visit: (block: Block) => void): void {
	const { image, filter, result, groups } = geometry;
	const { samples, inputs, outputs } = channels;
	const [perIn, perOut] = [inputs / groups, outputs / groups];
	for (let n = 0; n < samples; n++) {
		for (let g = 0; g < groups; g++) {
			visit({
				image: (n * inputs + g * perIn) * area(image),
				filter: g * perOut * perIn * area(filter),
				result: (n * outputs + g * perOut) * area(result),
			});
		}
	}
}

/** Sizes of the matrices of one block: outputs × depth times depth × columns. */
function sizes({ image, filter, result, groups }: Geometry, { inputs, outputs }: Channels) {
	const perIn = inputs / groups;
	return {
		perIn,
		perOut: outputs / groups,
		depth: perIn * area(filter),
		columns: area(result),
		pixels: area(image),
		cells: area(filter) * area(result),
	};
}

/**
 * Fills the matrix of windows from one block of the image; the cells outside of it are 0 and stay
 * so.
 */
function gather(
	windows: Float64Array,
	x: TypedArray,
	start: number,
	perIn: number,
	pixels: number,
	cells: number,
	{ rows, step }: Overlaps,
): void {
	for (let c = 0; c < perIn; c++) {
		for (let r = 0; r < rows.length; r += 3) {
			const to = c * cells + rows[r]!;
			let from = start + c * pixels + rows[r + 1]!;
			const end = to + rows[r + 2]!;
			for (let cell = to; cell < end; cell++, from += step) windows[cell] = x[from]!;
		}
	}
}

/** Adds the windows of one block to the image, each element where `gather` takes it from. */
function scatter(
	windows: Float64Array,
	out: Float64Array,
	start: number,
	perIn: number,
	pixels: number,
	cells: number,
	{ rows, step }: Overlaps,
): void {
	for (let c = 0; c < perIn; c++) {
		for (let r = 0; r < rows.length; r += 3) {
			const from = c * cells + rows[r]!;
			let to = start + c * pixels + rows[r + 1]!;
			const end = from + rows[r + 2]!;
			for (let cell = from; cell < end; cell++, to += step) out[to]! += windows[cell]!;
		}
	}
}

/** The result of convolving images `x` with filters `w`. */
export function convolveImages(
	x: TypedArray,
	w: TypedArray,
	geometry: Geometry,
	channels: Channels,
): Float64Array {
	const { perIn, perOut, depth, columns, pixels, cells } = sizes(geometry, channels);
	const out = allocate("float64", channels.samples * channels.outputs * columns);
	const overlaps = overlapsOf(geometry);
	const windows = allocate("float64", perIn * cells);
	forEachBlock(geometry, channels, ({ image, filter, result }) => {
		gather(windows, x, image, perIn, pixels, cells, overlaps);
		gemm(
			perOut,
			columns,
			depth,
			rowMajor(w, filter, depth),
			rowMajor(windows, 0, columns),
			out,
			result,
		);
	});
	return out;
}

/**
 * The transpose with respect to the images: each element of the result `g` spread over its window
 * by the filter.
 */
export function spreadToImages(
	g: TypedArray,
	w: TypedArray,
	geometry: Geometry,
	channels: Channels,
): Float64Array {
	const { perIn, perOut, depth, columns, pixels, cells } = sizes(geometry, channels);
	const out = allocate("float64", channels.samples * channels.inputs * pixels);
	const overlaps = overlapsOf(geometry);
	const windows = allocate("float64", perIn * cells);
	forEachBlock(geometry, channels, ({ image, filter, result }) => {
		windows.fill(0);
		gemm(
			depth,
			columns,
			perOut,
			transposed(w, filter, depth),
			rowMajor(g, result, columns),
			windows,
			0,
		);
		scatter(windows, out, image, perIn, pixels, cells, overlaps);
	});
	return out;
}

/**
 * The transpose with respect to the filters: for each of their elements, what meets what, summed
 * over the samples.
 */
export function collectFilters(
	x: TypedArray,
	g: TypedArray,
	geometry: Geometry,
	channels: Channels,
): Float64Array {
	const { perIn, perOut, depth, columns, pixels, cells } = sizes(geometry, channels);
	const out = allocate("float64", channels.outputs * depth);
	const overlaps = overlapsOf(geometry);
	const windows = allocate("float64", perIn * cells);
	forEachBlock(geometry, channels, ({ image, filter, result }) => {
		gather(windows, x, image, perIn, pixels, cells, overlaps);
		gemm(
			perOut,
			depth,
			columns,
			rowMajor(g, result, columns),
			transposed(windows, 0, columns),
			out,
			filter,
		);
	});
	return out;
}
