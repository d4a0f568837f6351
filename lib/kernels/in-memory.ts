import type { MatrixMemory, PanelSums, Steps } from "../asm/matrix-memory.ts";
import { type Matrix, part, transposedOf } from "./matrix.ts";

/**
 * Adds the product of two matrices to a third, whose rows lie so far apart, or takes it off: block
 * by block in WebAssembly's memory.
 */
export function multiplyInMemory(
	memory: MatrixMemory,
	m: number,
	n: number,
	k: number,
	a: Matrix,
	b: Matrix,
	out: PanelSums,
	o: number,
	stride: number,
	subtracts: boolean,
): void {
	const [columns, rows] = [inBlocks(n, memory.columns), inBlocks(m, ROWS)];
	const depth = inBlocks(k, Math.floor(memory.a.length / Math.max(rows, columns)));
	for (let j = 0; j < n; j += columns) {
		const width = Math.min(columns, n - j);
		for (let i = 0; i < m; i += rows) {
			const height = Math.min(rows, m - i);
			const at = o + i * stride + j;
			// Whole rows of the result follow each other.
			const [lines, run] = width === stride ? [1, height * stride] : [height, width];
			for (let r = 0; r < lines; r++) {
				memory.c.set(out.subarray(at + r * stride, at + r * stride + run), r * run);
			}
			for (let q = 0; q < k; q += depth) {
				const terms = Math.min(depth, k - q);
				const left = copyIn(memory.a, part(a, i * a.rowStride + q * a.columnStride), height, terms);
				if (subtracts) memory.negate(spanOf(left, height, terms));
				const right = copyIn(memory.b, part(b, q * b.rowStride + j * b.columnStride), terms, width);
				memory.multiply(1, height, width, terms, left, right);
			}
			const sums = memory.results(height * width, out);
			for (let r = 0; r < lines; r++) {
				out.set(sums.subarray(r * run, (r + 1) * run), at + r * stride);
			}
		}
	}
}

/** Rows of the result that are computed at a time. */
const ROWS = 256;

/** Into blocks of which size, of at most `most`, n is split so that they are equal. */
function inBlocks(n: number, most: number): number {
	return Math.ceil(n / Math.ceil(n / most));
}

/**
 * Copies a matrix to the start of memory and tells how it lies there: as it is, if there are not
 * many gaps, or row by row.
 */
function copyIn(to: Float64Array, matrix: Matrix, rows: number, columns: number): Steps {
	const asItIs = copyAll(to, matrix, rows, columns, 1, 0);
	if (asItIs !== null) return asItIs;
	const { array, offset, rowStride, columnStride } = matrix;
	if (rowStride === 1) {
		const { row, column, matrix: apart } = copyIn(to, transposedOf(matrix), columns, rows);
		return { row: column, column: row, matrix: apart };
	}
	for (let i = 0, at = 0; i < rows; i++) {
		let from = offset + i * rowStride;
		if (columnStride === 1) {
			to.set(array.subarray(from, from + columns), at);
			at += columns;
			continue;
		}
		for (let j = 0; j < columns; j++, at++, from += columnStride) to[at] = array[from]!;
	}
	return { row: columns, column: 1, matrix: 0 };
}

/** From the first element of a matrix to the last, both included. */
function spanOf({ row, column }: Steps, rows: number, columns: number): number {
	return (rows - 1) * row + (columns - 1) * column + 1;
}

/** Copies matrices, so far apart, with what is between; null where that is too much. */
export function copyAll(
	to: Float64Array,
	{ array, offset, rowStride, columnStride }: Matrix,
	rows: number,
	columns: number,
	count: number,
	apart: number,
): Steps | null {
	if (rowStride < 0 || columnStride < 0 || apart < 0) return null;
	const span = (rows - 1) * rowStride + (columns - 1) * columnStride + (count - 1) * apart + 1;
	if (span > Math.min(2 * count * rows * columns, to.length)) return null;
	to.set(array.length === span ? array : array.subarray(offset, offset + span));
	return { row: rowStride, column: columnStride, matrix: apart };
}
