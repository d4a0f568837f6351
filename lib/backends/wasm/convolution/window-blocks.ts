import { type Tiles, vectorsOf } from "../../../asm/tile.ts";
import type { Geometry } from "../../../core/geometry.ts";
import type { Convolution, Wanted } from "../../../schedule/kernel.ts";
import { scratchBytes } from "../products/blocks.ts";
import type { MatrixProduct } from "../products/product.ts";
import { type WindowMatrix, windowCells } from "./windows.ts";

/** Some rows of the result: their windows, and the product with them. */
export interface WindowBlock {
	readonly windows: WindowMatrix;
	readonly product: MatrixProduct;
	/** How often it stands in the result. */
	readonly count: number;
}

/** How one of the three products of a convolution is computed. */
export interface Work {
	/**
	 * Parts that different threads may do: a sample and group each, or a group and some input
	 * channels of the filters. Where these are fewer than threads need, a sample is split by rows of
	 * the result or input channels of the image, and filters by output channels too.
	 */
	readonly parts: number;
	/** In how many parts a sample or group is split, */
	readonly pieces: number;
	/**
	 * in how many its input channels and its output channels are, and how many there then are in
	 * each;
	 */
	readonly chunks: number;
	readonly channels: number;
	readonly outputs: number;
	/** and how many rows of the result there are in each. */
	readonly band: number;
	/** Rows of the windows, channel by channel. */
	readonly depth: number;
	/** All rows of the result. */
	readonly blocks: readonly WindowBlock[];
	/** Whether the windows are the image itself, since each is one pixel. */
	readonly inPlace: boolean;
	/**
	 * Bytes of scratch memory: for the windows, for sums, and together with those that the products
	 * need.
	 */
	readonly windowBytes: number;
	readonly sumBytes: number;
	readonly scratch: number;
}

/** Bytes of windows that are gathered at a time. */
const CACHED = 1 << 17;

/** So many parts for each thread are enough. */
const ENOUGH = 4;

const vectors = (bytes: number) => 16 * Math.ceil(bytes / 16);

/** Sizes of what one sample and group works on. */
export function sizes({ dtype, geometry, inputs, outputs }: Convolution) {
	const { image, filter, result, groups } = geometry;
	const perIn = inputs / groups;
	return {
		type: vectorsOf(dtype),
		perIn,
		perOut: outputs / groups,
		depth: perIn * filter[0] * filter[1],
		columns: result[0] * result[1],
		pixels: image[0] * image[1],
	};
}

/**
 * Splits the work into parts, and the rows of the result into blocks whose windows stay in the
 * cache.
 */
export function convolutionWork(
	convolution: Convolution,
	wanted: Wanted,
	tiles: Tiles,
	threads: number,
): Work {
	const { dtype, geometry, samples } = convolution;
	const { type, perIn, perOut: allOut, depth: whole, columns, pixels } = sizes(convolution);
	const apart = geometry.groups * (wanted === "filter" ? 1 : samples);
	// Splitting takes longer in all, so nothing is split for one thread that need not be.
	const lacking = (parts: number) => (threads === 1 ? 1 : Math.ceil(parts / Math.max(1, apart)));
	const more = wanted === "filter" ? 1 : lacking(ENOUGH * threads);
	const splits = wanted === "filter" || (wanted === "image" && more > 1);
	const chunks = splits ? chunksOf(perIn, perIn, whole, LEAST_ROWS) : 1;
	const [channels, depth] = [perIn / chunks, whole / chunks];
	const outMost = wanted === "filter" ? Math.ceil(lacking(threads) / chunks) : 1;
	const outChunks = chunksOf(outMost, allOut, allOut, LEAST_COLUMNS);
	const perOut = allOut / outChunks;
	const inPlace = isPointwise(geometry);
	const productOf = (n: number): MatrixProduct => {
		const row = inPlace ? pixels : n;
		switch (wanted) {
			case "result": {
				const [a, b] = [
					{ row: depth, column: 1 },
					{ row, column: 1 },
				];
				return { dtype, m: perOut, n, k: depth, a, b, cRow: columns, accumulate: false };
			}
			case "image": {
				const [a, b] = [
					{ row: 1, column: whole },
					{ row: columns, column: 1 },
				];
				return { dtype, m: depth, n, k: perOut, a, b, cRow: row, accumulate: false };
			}
			case "filter": {
				// The windows stand on the left: they would have to be transposed on the right, and there
				// are more of them.
				const [a, b] = [
					{ row, column: 1 },
					{ row: 1, column: columns },
				];
				return { dtype, m: depth, n: perOut, k: n, a, b, cRow: perOut, accumulate: true };
			}
		}
	};
	const [height, width] = geometry.result;
	const windowsOf = (rows: number): WindowMatrix => ({ type, geometry, channels, rows });
	// Pixels of an image are added up block by block: the blocks are the same for parts of it.
	const together = { ...windowsOf(1), channels: wanted === "image" ? perIn : channels };
	const fitting = Math.floor(CACHED / Math.max(1, windowCells(together) * type.bytes));
	const least = wanted === "result" ? Math.min(more, height) : 1;
	const rows = Math.ceil(height / Math.max(least, Math.ceil(height / Math.max(1, fitting))));
	const bands = least > 1 ? Math.ceil(height / rows) : 1;
	const blocks = [
		{ rows, count: Math.floor(height / rows) },
		{ rows: height % rows, count: 1 },
	]
		.filter((block) => block.rows > 0)
		.map(({ rows, count }) => ({
			windows: windowsOf(rows),
			product: productOf(rows * width),
			count,
		}));
	const windowBytes = inPlace ? 0 : vectors(windowCells(windowsOf(rows)) * type.bytes);
	const sumBytes = wanted === "filter" ? vectors(depth * perOut * type.bytes) : 0;
	const gemmBytes = Math.max(...blocks.map(({ product }) => scratchBytes(product, tiles)));
	const pieces = chunks * outChunks * bands;
	return {
		parts: apart * pieces,
		pieces,
		chunks,
		channels,
		outputs: perOut,
		band: bands > 1 ? rows : height,
		depth,
		blocks,
		inPlace,
		windowBytes,
		sumBytes,
		scratch: windowBytes + sumBytes + gemmBytes,
	};
}

/** Rows of the windows that are enough for a product, and columns of the filters. */
const LEAST_ROWS = 64;
const LEAST_COLUMNS = 8;

/** In how many parts of equal size channels are split: at most so many, of enough rows each. */
function chunksOf(most: number, channels: number, rows: number, enough: number): number {
	let chunks = Math.min(most, channels);
	while (chunks > 1 && (channels % chunks !== 0 || rows / chunks < enough)) chunks--;
	return Math.max(1, chunks);
}

/** Whether each window is one pixel, and there is one for each. */
function isPointwise({ image, filter, result, before }: Geometry): boolean {
	return [0, 1].every(
		(axis) => filter[axis] === 1 && before[axis] === 0 && image[axis] === result[axis],
	);
}
