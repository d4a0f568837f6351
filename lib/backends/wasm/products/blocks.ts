import { type Tiles, vectorsOf } from "../../../asm/tile.ts";
import { DOT_ROWS, rowDots } from "./matrix-vector.ts";
import type { MatrixProduct } from "./product.ts";

// The blocks in which a product is computed, and the memory that they need.

/** Bytes in a vector. */
export const VECTOR = 16;

/** Borders between threads lie at multiples of so many rows of the result. */
export function rowStep(product: MatrixProduct, tiles: Tiles): number {
	const most = rowDots(product) === null ? tiles.vectors.length : DOT_ROWS;
	return Math.max(1, Math.min(product.m, most));
}

/**
 * Fewer rows at a time take noticeably longer: packing b, once for each call, costs as much as two
 * to five rows.
 */
export function leastRows(product: MatrixProduct, tiles: Tiles): number {
	return rowDots(product) === null && isRightPacked(product, tiles) ? 64 : 1;
}

/** How much scratch memory a product needs, in bytes. */
export function scratchBytes(product: MatrixProduct, tiles: Tiles): number {
	if (rowDots(product) !== null) return 0;
	const left = isLeftPacked(product) ? rowBlock(product, tiles) * rowBytes(product, tiles) : 0;
	return rightScratch(product, tiles) + left;
}

/** The part of it for packed panels of b: for one, or for all of a pass. */
export function rightScratch(product: MatrixProduct, tiles: Tiles): number {
	if (!isRightPacked(product, tiles)) return 0;
	const panels = panelsOf(product, tiles);
	const width = keepsPanels(product, tiles)
		? panels.reduce((sum, { count, width }) => sum + count * width, 0)
		: Math.max(0, ...panels.map(({ width }) => width));
	return passesOf(product, tiles)[0]!.depth * width;
}

/** So many bytes of packed panels are kept. */
const KEPT = 1 << 22;

/** Whether panels of b are packed once for all blocks of rows, and not anew for each. */
export function keepsPanels(product: MatrixProduct, tiles: Tiles): boolean {
	const { m, n, dtype } = product;
	const bytes = passesOf(product, tiles)[0]!.depth * n * vectorsOf(dtype).bytes;
	return isRightPacked(product, tiles) && m > rowBlock(product, tiles) && bytes <= KEPT;
}

/**
 * Whether panels of b are copied before they are multiplied: its columns do not lie beside each
 * other, or a vector would reach beyond its row, or its rows lie so far apart that a panel of them
 * does not stay in the cache. For many rows it pays in any case.
 */
export function isRightPacked({ dtype, m, n, b }: MatrixProduct, tiles: Tiles): boolean {
	const { bytes, lanes } = vectorsOf(dtype);
	// A panel is walked row by row, so its rows must not all be one.
	if (b.row === 0) return true;
	const apart = Math.abs(b.row) * bytes >= 1024;
	return b.column !== 1 || n < lanes || m >= tiles.packedRows || (m >= 32 && apart);
}

/**
 * Whether blocks of a are copied before they are multiplied: its rows (or, if it is transposed, its
 * columns) lie a multiple of so many bytes apart that they fall on the same few places of the
 * caches and displace each other. Transposes then took two to four times as long, rows a tenth
 * longer; packing costs some hundredths.
 */
export function isLeftPacked({ dtype, m, n, a }: MatrixProduct): boolean {
	const { bytes } = vectorsOf(dtype);
	const [apart, clash] = a.column === 1 ? [a.row, 4096] : [a.column, 2048];
	return m >= 32 && n >= 32 && apart !== 0 && (apart * bytes) % clash === 0;
}

/** Bytes of packed rows of a that are used at a time; a part of the second-level cache. */
const LEFT_BLOCK = 1 << 18;

/** Blocks of rows may be a tenth too large, so that none is left with a few rows. */
const TOLERANCE = 1.1;

/**
 * How many rows are computed at a time, so that their part of a stays in the cache: a multiple of
 * those of a tile, since only the last block of all may end with less than a tile.
 */
export function rowBlock(product: MatrixProduct, tiles: Tiles): number {
	const step = rowStep(product, tiles);
	const fitting = isLeftPacked(product)
		? Math.floor(LEFT_BLOCK / rowBytes(product, tiles))
		: tiles.rowBlock;
	const most = TOLERANCE * Math.max(step, Math.min(tiles.rowBlock, fitting));
	const blocks = Math.max(1, Math.ceil(product.m / most));
	return step * Math.max(1, Math.ceil(product.m / blocks / step));
}

/** Bytes of a packed row. */
function rowBytes(product: MatrixProduct, tiles: Tiles): number {
	return (passesOf(product, tiles)[0]!.depth * leftWidth(product, tiles)) / rowStep(product, tiles);
}

/** Bytes of one term of a packed tile of rows. */
function leftWidth(product: MatrixProduct, tiles: Tiles): number {
	return rowStep(product, tiles) * vectorsOf(product.dtype).bytes;
}

/** How the tiles read a, in bytes. */
export interface LeftLayout {
	/** From one row to the next, from one term to the next, and from one tile of rows to the next. */
	readonly row: number;
	readonly step: number;
	readonly tile: number;
}

/** How the tiles read a, where it lies or packed. */
export function leftLayout(product: MatrixProduct, tiles: Tiles, pass: DepthPass): LeftLayout {
	const { bytes } = vectorsOf(product.dtype);
	const { row, column } = product.a;
	if (!isLeftPacked(product)) {
		return { row: row * bytes, step: column * bytes, tile: rowStep(product, tiles) * row * bytes };
	}
	const step = leftWidth(product, tiles);
	return { row: bytes, step, tile: pass.depth * step };
}

/** Some of the terms of all sums, so many times over. */
export interface DepthPass {
	readonly depth: number;
	readonly count: number;
	/** Whether they are added to what is there. */
	readonly accumulate: boolean;
	/** Whether the sums are then complete. */
	readonly last: boolean;
}

/** Splits the terms of the sums into passes of about the same depth. */
export function passesOf({ k, accumulate }: MatrixProduct, tiles: Tiles): DepthPass[] {
	const blocks = Math.max(1, Math.ceil(k / tiles.depth));
	if (blocks === 1) return [{ depth: k, count: 1, accumulate, last: true }];
	const depth = Math.ceil(k / blocks);
	return [
		{ depth, count: 1, accumulate, last: false },
		{ depth, count: blocks - 2, accumulate: true, last: false },
		{ depth: k - (blocks - 1) * depth, count: 1, accumulate: true, last: true },
	].filter(({ count }) => count > 0);
}

/** Neighbouring panels of columns, all of one width. */
export interface PanelRun {
	/** The first column, how many there are in each, and how many panels. */
	readonly start: number;
	readonly columns: number;
	readonly count: number;
	/** Where the vectors of a row lie from its start, in bytes. */
	readonly vectors: readonly number[];
	/** Bytes of a row that is packed. */
	readonly width: number;
}

/** The panels of a product. */
export function panelsOf(product: MatrixProduct, tiles: Tiles): PanelRun[] {
	const { lanes, bytes } = vectorsOf(product.dtype);
	const most = lanes * tiles.vectors[rowStep(product, tiles) - 1]!;
	return columnPanels(product.n, most, lanes, tiles.joined).map((panel) => {
		const vectors = Math.ceil(panel.columns / lanes);
		// The last vector of a row ends where the row ends.
		const last = Math.max(0, panel.columns - lanes);
		return {
			...panel,
			vectors: Array.from({ length: vectors }, (_, v) => Math.min(v * lanes, last) * bytes),
			width: VECTOR * vectors,
		};
	});
}

/**
 * How many tiles of rows are computed together, at first and for what is left: where a panel is so
 * narrow that a tile of it leaves registers free, and its sums wait for each other, two and more.
 */
export function tileHeights(product: MatrixProduct, tiles: Tiles, { columns, vectors }: PanelRun) {
	const { lanes } = vectorsOf(product.dtype);
	const rows = rowStep(product, tiles);
	const alone = columns < tiles.joined * lanes ? tiles.joined : 1;
	const fitting = Math.floor(tiles.vectors[rows - 1]! / (alone * vectors.length));
	const most = Math.min(fitting, Math.floor(Math.min(tiles.tall, product.m) / rows));
	return most > 1 ? [most, 1] : [1];
}

/**
 * Splits n columns into panels of `most`. What is left over comes first. A panel has at least one
 * whole vector, which its last one may overlap, if the row has, so what is less than a vector takes
 * some of the columns after it. Vectors that overlap, or whose rows follow each other without a
 * gap, keep an engine from joining others, which are then in a panel of their own.
 */
export function columnPanels(n: number, most: number, lanes: number, joined: number) {
	const together = joined * lanes;
	const left = n % most;
	const rest = left > 0 && left < lanes && n > most ? left + most : left;
	const mixes = joined === 1 || (rest % lanes === 0 && n > rest);
	const widest = mixes ? most : together;
	const odd = mixes ? rest : rest % together;
	const loose = odd > 0 && odd < lanes && odd < rest ? odd + together : odd;
	const split = loose > widest ? [lanes, loose - lanes] : [loose];
	const panels: Pick<PanelRun, "start" | "columns" | "count">[] = [];
	let start = 0;
	for (const columns of [rest - loose, ...split]) {
		panels.push({ start, columns, count: 1 });
		start += columns;
	}
	panels.push({ start, columns: most, count: (n - start) / most });
	return panels.filter(({ columns, count }) => columns > 0 && count > 0);
}
