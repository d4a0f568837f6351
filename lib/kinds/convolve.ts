import type { Storage } from "../dtype.ts";
import { gemm, type Matrix } from "./gemm.ts";
import { forEachOverlap, type Geometry } from "./windows.ts";

// Convolutions as matrix products. For each sample and group the windows of the image form a matrix with a row for each
// element of the filter and a column for each element of the result. All buffers are row-major: images are
// samples × channels × height × width, filters outputs × inputs of a group × height × width.

/** Sizes that the geometry does not tell. */
export interface Channels {
	readonly samples: number;
	/** Channels of the image and of the result. */
	readonly inputs: number;
	readonly outputs: number;
}

const area = ([height, width]: readonly [number, number]) => height * width;

const rowMajor = (storage: Storage, offset: number, columns: number): Matrix => ({
	storage,
	offset,
	rowStride: columns,
	columnStride: 1,
});

const transposed = (storage: Storage, offset: number, rows: number): Matrix => ({
	storage,
	offset,
	rowStride: 1,
	columnStride: rows,
});

/** Where image pixels go in the matrix of windows, cell by cell. */
interface Overlaps {
	readonly cells: Int32Array;
	readonly pixels: Int32Array;
}

function overlapsOf(geometry: Geometry): Overlaps {
	const cells: number[] = [];
	const pixels: number[] = [];
	forEachOverlap(geometry, (cell, pixel) => {
		cells.push(cell);
		pixels.push(pixel);
	});
	return { cells: Int32Array.from(cells), pixels: Int32Array.from(pixels) };
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

/** The windows of one block of the image as a matrix. */
function gather(
	x: Storage,
	start: number,
	perIn: number,
	pixels: number,
	cells: number,
	overlaps: Overlaps,
) {
	const out = new Float64Array(perIn * cells);
	for (let c = 0; c < perIn; c++) {
		const [to, from] = [c * cells, start + c * pixels];
		for (let i = 0; i < overlaps.cells.length; i++) {
			out[to + overlaps.cells[i]!] = x[from + overlaps.pixels[i]!]!;
		}
	}
	return out;
}

/** The result of convolving images `x` with filters `w`. */
export function convolveImages(
	x: Storage,
	w: Storage,
	geometry: Geometry,
	channels: Channels,
): Float64Array {
	const { perIn, perOut, depth, columns, pixels, cells } = sizes(geometry, channels);
	const out = new Float64Array(channels.samples * channels.outputs * columns);
	const overlaps = overlapsOf(geometry);
	forEachBlock(geometry, channels, ({ image, filter, result }) => {
		const windows = gather(x, image, perIn, pixels, cells, overlaps);
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

/** The transpose with respect to the images: each element of the result `g` spread over its window by the filter. */
export function spreadToImages(
	g: Storage,
	w: Storage,
	geometry: Geometry,
	channels: Channels,
): Float64Array {
	const { perIn, perOut, depth, columns, pixels, cells } = sizes(geometry, channels);
	const out = new Float64Array(channels.samples * channels.inputs * pixels);
	const overlaps = overlapsOf(geometry);
	forEachBlock(geometry, channels, ({ image, filter, result }) => {
		const windows = new Float64Array(perIn * cells);
		gemm(
			depth,
			columns,
			perOut,
			transposed(w, filter, depth),
			rowMajor(g, result, columns),
			windows,
			0,
		);
		for (let c = 0; c < perIn; c++) {
			const [from, to] = [c * cells, image + c * pixels];
			for (let i = 0; i < overlaps.cells.length; i++) {
				out[to + overlaps.pixels[i]!]! += windows[from + overlaps.cells[i]!]!;
			}
		}
	});
	return out;
}

/** The transpose with respect to the filters: for each of their elements, what meets what, summed over the samples. */
export function collectFilters(
	x: Storage,
	g: Storage,
	geometry: Geometry,
	channels: Channels,
): Float64Array {
	const { perIn, perOut, depth, columns, pixels, cells } = sizes(geometry, channels);
	const out = new Float64Array(channels.outputs * depth);
	const overlaps = overlapsOf(geometry);
	forEachBlock(geometry, channels, ({ image, filter, result }) => {
		const windows = gather(x, image, perIn, pixels, cells, overlaps);
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
