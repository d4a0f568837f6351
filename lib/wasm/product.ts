import type { Expr } from "./expression.ts";
import type { FunctionBuilder, Local } from "./function.ts";
import { DOT_ROWS, rowDots } from "./matrix-vector.ts";
import { vectorsOf } from "./tile.ts";

/** Strides of a matrix, in elements: of row-major n columns (n, 1), of a transpose (1, n). */
export interface Strides {
	readonly row: number;
	readonly column: number;
}

/** Sizes of the blocks in which a product is computed; what is fastest differs from engine to engine. */
export interface Tiles {
	/** How many vectors a register tile has beside 1, 2, … rows; as many rows as there are numbers is the most. */
	readonly vectors: readonly number[];
	/** The most terms that are summed in one go. */
	readonly depth: number;
	/** Rows of a that stay in the second-level cache. */
	readonly rowBlock: number;
}

/** A product c = a·b or c += a·b of an m×k and a k×n matrix: everything but where the matrices are. */
export interface Product {
	readonly dtype: "float32" | "float64";
	readonly m: number;
	readonly n: number;
	readonly k: number;
	readonly a: Strides;
	readonly b: Strides;
	/** From one row of c to the next, in elements; its columns follow each other. */
	readonly cRow: number;
	readonly accumulate: boolean;
	/**
	 * What becomes of a vector of the result before it is stored, given its byte offsets from the start of c and of its row.
	 * It may be asked for the same element twice; where a row is narrower than a vector, the lanes beyond it are dropped.
	 */
	readonly finish?: (
		f: FunctionBuilder,
		value: Local<"v128">,
		offset: Expr<"i32">,
		inRow: Expr<"i32">,
	) => Expr<"v128">;
}

/** Bytes in a vector. */
export const VECTOR = 16;

/** Borders between threads lie at multiples of so many rows of the result. */
export function rowStep(product: Product, tiles: Tiles): number {
	const most = rowDots(product) === null ? tiles.vectors.length : DOT_ROWS;
	return Math.max(1, Math.min(product.m, most));
}

/** How much scratch memory a product needs, in bytes. */
export function scratchBytes(product: Product, tiles: Tiles): number {
	if (!isPacked(product) || rowDots(product) !== null) return 0;
	return tiles.depth * VECTOR * tiles.vectors[rowStep(product, tiles) - 1]!;
}

/**
 * Whether panels of b are copied before they are multiplied: its columns do not lie beside each other, or a vector
 * would reach beyond its row, or its rows lie so far apart that a panel of them does not stay in the cache.
 */
export function isPacked({ dtype, m, n, b }: Product): boolean {
	const { bytes, lanes } = vectorsOf(dtype);
	return b.column !== 1 || n < lanes || (m >= 32 && Math.abs(b.row) * bytes >= 1024);
}

/** Some of the terms of all sums, so many times over. */
export interface Pass {
	readonly depth: number;
	readonly count: number;
	/** Whether they are added to what is there. */
	readonly accumulate: boolean;
	/** Whether the sums are then complete. */
	readonly last: boolean;
}

/** Splits the terms of the sums into passes of about the same depth. */
export function passesOf({ k, accumulate }: Product, tiles: Tiles): Pass[] {
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
export interface Panels {
	/** The first column, and how many there are in each. */
	readonly start: number;
	readonly columns: number;
	readonly count: number;
}

/**
 * Splits n columns into panels of `vectors` vectors. What is left over comes first, so that a panel that is not whole
 * vectors wide still has one whole vector (its last vector overlaps the one before), if the row has.
 */
export function columnPanels(n: number, lanes: number, vectors: number): Panels[] {
	const width = lanes * vectors;
	const rest = n % width;
	const panels = (start: number, columns: number, count = 1) => ({ start, columns, count });
	const narrow = rest > lanes || rest === 0 || n < width || rest % lanes === 0;
	const first = narrow
		? [panels(0, rest)]
		: [panels(0, lanes), panels(lanes, rest + width - lanes)];
	const used = first.reduce((sum, { columns }) => sum + columns, 0);
	return [...first, panels(used, width, (n - used) / width)].filter(
		({ columns, count }) => columns > 0 && count > 0,
	);
}
