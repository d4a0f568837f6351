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
	 * Parts that different threads may do: a sample and group each, or of the filters some input
	 * channels.
	 */
	readonly parts: number;
	/**
	 * In how many parts the input channels of a group are split, and how many channels there then are
	 * in each.
	 */
	readonly chunks: number;
	readonly channels: number;
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
export function convolutionWork(convolution: Convolution, wanted: Wanted, tiles: Tiles): Work {
	const { dtype, geometry, samples } = convolution;
	const { type, perIn, perOut, depth: whole, columns, pixels } = sizes(convolution);
	const chunks = wanted === "filter" ? chunksOf(perIn, whole) : 1;
	const [channels, depth] = [perIn / chunks, whole / chunks];
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
					{ row: 1, column: depth },
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
	const fitting = Math.floor(CACHED / Math.max(1, windowCells(windowsOf(1)) * type.bytes));
	const rows = Math.ceil(height / Math.ceil(height / Math.max(1, fitting)));
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
	return {
		parts: geometry.groups * (wanted === "filter" ? chunks : samples),
		chunks,
		channels,
		depth,
		blocks,
		inPlace,
		windowBytes,
		sumBytes,
		scratch: windowBytes + sumBytes + gemmBytes,
	};
}

/**
 * In how many parts of equal size the channels of a group are split, each with enough rows for the
 * product.
 */
function chunksOf(channels: number, rows: number): number {
	let chunks = channels;
	while (chunks > 1 && (channels % chunks !== 0 || rows / chunks < 64)) chunks--;
	return Math.max(1, chunks);
}

/** Whether each window is one pixel, and there is one for each. */
function isPointwise({ image, filter, result, before }: Geometry): boolean {
	return [0, 1].every(
		(axis) => filter[axis] === 1 && before[axis] === 0 && image[axis] === result[axis],
	);
}
