import { type Factors, factorize, swapRows } from "./factors.ts";
import { subtractProduct } from "./gemm.ts";
import { asMatrix, type MatrixRows, rowsFrom } from "./matrix.ts";
import { FEW, half, solveTriangle } from "./triangles.ts";

/**
 * The factors by which equations with a square matrix are solved; `a` becomes their triangles. Of a
 * small one by `factorize`. Of a larger one pivots are sought in a column, so that products can do
 * the bulk: its columns keep their order.
 */
export function factored(a: Float64Array, n: number): Factors {
	if (n <= FEW) return factorize(a, n);
	const rows = Int32Array.from({ length: n }, (_, i) => i);
	const columns = rows.slice();
	const sign = eliminate(a, n, n, rows);
	const pivots = new Float64Array(n);
	for (let i = 0; i < n; i++) {
		const pivot = a[i * n + i]!;
		pivots[i] = pivot;
		if (pivot !== 0) for (let j = i + 1; j < n; j++) a[i * n + j]! /= pivot;
	}
	return { n, triangles: a, pivots, rows, columns, sign };
}

/**
 * Gaussian elimination of an m×n matrix in place: U on and above the diagonal, L below it, whose
 * ones are not stored. With `order`, which has a place for each row, the greatest element that is
 * left of a column becomes the pivot, the first of equal ones, and `order` says which row came to
 * each place (G. H. Golub and C. F. Van Loan, "Matrix Computations", section 3.4). A column that is
 * 0 from its pivot on stays as it is. Gives the sign of the exchanges. Columns are halved, and what
 * is between the halves is a product, which keeps the order of the terms of each element (S.
 * Toledo, "Locality of reference in LU decomposition with partial pivoting", 1997).
 */
export function eliminate(a: Float64Array, m: number, n: number, order?: Int32Array): number {
	return eliminateColumns({ array: a, at: 0, stride: n }, m, 0, n, order);
}

/** The same for some of the columns, below those that are done. */
function eliminateColumns(
	a: MatrixRows,
	m: number,
	from: number,
	to: number,
	order: Int32Array | undefined,
): number {
	if (to - from <= FEW || from >= m) return eliminateFew(a, m, from, to, order);
	const middle = from + half(to - from);
	const before = eliminateColumns(a, m, from, middle, order);
	const done = Math.min(middle, m) - from;
	const triangle = { matrix: asMatrix(rowsFrom(a, from, from)), lower: true, unit: true };
	const right = rowsFrom(a, from, middle);
	solveTriangle(triangle, right, done, to - middle);
	if (middle >= m) return before;
	const left = asMatrix(rowsFrom(a, middle, from));
	const rest = rowsFrom(a, middle, middle);
	subtractProduct(m - middle, to - middle, done, left, asMatrix(right), rest);
	return before * eliminateColumns(a, m, middle, to, order);
}

/** The same column by column. */
function eliminateFew(
	{ array, stride }: MatrixRows,
	m: number,
	from: number,
	to: number,
	order: Int32Array | undefined,
): number {
	let sign = 1;
	for (let k = from; k < Math.min(m, to); k++) {
		const top = k * stride;
		const greatest = order === undefined ? k : greatestRow(array, stride, k, m);
		if (greatest !== k) {
			swapRows(array, stride, k, greatest);
			[order![k], order![greatest]] = [order![greatest]!, order![k]!];
			sign = -sign;
		}
		const pivot = array[top + k]!;
		for (let i = k + 1; i < m; i++) {
			const row = i * stride;
			const below = array[row + k]!;
			const factor = below === 0 && pivot === 0 ? 0 : below / pivot;
			array[row + k] = factor;
			for (let j = k + 1; j < to; j++) array[row + j]! -= factor * array[top + j]!;
		}
	}
	return sign;
}

/** The row of the greatest element, in size, of column k from row k on, or of the first NaN. */
function greatestRow(a: Float64Array, stride: number, k: number, m: number): number {
	let greatest = 0;
	let at = k;
	for (let i = k; i < m; i++) {
		const size = Math.abs(a[i * stride + k]!);
		if (size <= greatest) continue;
		greatest = size;
		at = i;
		if (Number.isNaN(size)) return i;
	}
	return at;
}
