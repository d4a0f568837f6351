import type { TypedArray } from "../core/dtype.ts";

/** A matrix in storage: element (i, j) lies at offset + i·rowStride + j·columnStride. */
export interface Matrix {
	readonly array: TypedArray;
	readonly offset: number;
	readonly rowStride: number;
	readonly columnStride: number;
}

/** The matrix that lies so many elements further on. */
export function part({ array, offset, rowStride, columnStride }: Matrix, by: number): Matrix {
	return { array, offset: offset + by, rowStride, columnStride };
}

/** The matrix with its rows and columns changed over. */
export function transposedOf({ array, offset, rowStride, columnStride }: Matrix): Matrix {
	return { array, offset, rowStride: columnStride, columnStride: rowStride };
}

/** The matrix from row i and column j on. */
export function partFrom(x: Matrix, i: number, j: number): Matrix {
	return part(x, i * x.rowStride + j * x.columnStride);
}

/** Elements of a matrix of float64 that lie in an array: row i begins at `at + i·stride`. */
export interface MatrixRows {
	readonly array: Float64Array;
	readonly at: number;
	readonly stride: number;
}

/** The rows as a matrix. */
export function asMatrix({ array, at, stride }: MatrixRows): Matrix {
	return { array, offset: at, rowStride: stride, columnStride: 1 };
}

/** The rows from row i and column j on. */
export function rowsFrom({ array, at, stride }: MatrixRows, i: number, j: number): MatrixRows {
	return { array, at: at + i * stride + j, stride };
}

/** What is not much larger than this is copied faster element by element than by a call. */
const SMALL = 64;
/** Columns are read by so many at a time, so that what is fetched with one serves the others. */
const TOGETHER = 8;

/** Copies a matrix into rows of float64, one after the other from `at` on. */
export function copyMatrix(
	{ array, offset, rowStride, columnStride }: Matrix,
	rows: number,
	columns: number,
	to: Float64Array,
	at: number,
): void {
	const size = rows * columns;
	if (columnStride === 1 && rowStride === columns && size > SMALL) {
		to.set(array.subarray(offset, offset + size), at);
		return;
	}
	const width = columnStride === 1 ? columns : TOGETHER;
	for (let first = 0; first < columns; first += width) {
		const last = Math.min(columns, first + width);
		for (let i = 0; i < rows; i++) {
			const from = offset + i * rowStride;
			const row = at + i * columns;
			for (let j = first; j < last; j++) to[row + j] = array[from + j * columnStride]!;
		}
	}
}
