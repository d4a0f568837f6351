import { type Factors, factorize } from "./factors.ts";
import { subtractProduct } from "./gemm.ts";
import { asMatrix, type MatrixRows, rowsFrom } from "./matrix.ts";
import { FEW, half, solveTriangle } from "./triangles.ts";

/**
 * The factors of a matrix, by which equations are solved; `a` becomes their triangles. Of a small
 * one by `factorize`. Of a larger one the greatest element of a column becomes the pivot, so that
 * products can do the bulk: its columns keep their order, and the pivots of a singular matrix are 0
 * where a column is, as it is left, 0 (S. Toledo, "Locality of reference in LU decomposition with
 * partial pivoting", 1997).
 */
export function eliminate(a: Float64Array, n: number): Factors {
	if (n <= FEW) return factorize(a, n);
	const rows = Int32Array.from({ length: n }, (_, i) => i);
	const sign = eliminateColumns({ array: a, at: 0, stride: n }, n, 0, n, rows);
	const pivots = new Float64Array(n);
	for (let i = 0; i < n; i++) {
		const pivot = a[i * n + i]!;
		pivots[i] = pivot;
		if (pivot !== 0) for (let j = i + 1; j < n; j++) a[i * n + j]! /= pivot;
	}
	const columns = Int32Array.from({ length: n }, (_, i) => i);
	return { n, triangles: a, pivots, rows, columns, sign };
}

/** Eliminates below the diagonal of some columns; gives the sign of the exchanges. */
function eliminateColumns(
	a: MatrixRows,
	n: number,
	from: number,
	to: number,
	rows: Int32Array,
): number {
	if (to - from <= FEW) return eliminateFew(a, n, from, to, rows);
	const middle = from + half(to - from);
	const before = eliminateColumns(a, n, from, middle, rows);
	const triangle = { matrix: asMatrix(rowsFrom(a, from, from)), lower: true, unit: true };
	const right = rowsFrom(a, from, middle);
	solveTriangle(triangle, right, middle - from, to - middle);
	const left = asMatrix(rowsFrom(a, middle, from));
	const rest = rowsFrom(a, middle, middle);
	subtractProduct(n - middle, to - middle, middle - from, left, asMatrix(right), rest);
	return before * eliminateColumns(a, n, middle, to, rows);
}

/** The same column by column. */
function eliminateFew(
	{ array, stride }: MatrixRows,
	n: number,
	from: number,
	to: number,
	rows: Int32Array,
): number {
	let sign = 1;
	for (let k = from; k < to; k++) {
		const greatest = greatestBelow(array, stride, k, n);
		const top = k * stride;
		if (greatest !== k) {
			const row = array.slice(top, top + n);
			array.copyWithin(top, greatest * stride, greatest * stride + n);
			array.set(row, greatest * stride);
			[rows[k], rows[greatest]] = [rows[greatest]!, rows[k]!];
			sign = -sign;
		}
		const pivot = array[top + k]!;
		if (pivot === 0) continue;
		for (let i = k + 1; i < n; i++) {
			const row = i * stride;
			const factor = array[row + k]! / pivot;
			array[row + k] = factor;
			for (let j = k + 1; j < to; j++) array[row + j]! -= factor * array[top + j]!;
		}
	}
	return sign;
}

/** The row of the greatest element, in size, of column k from row k on; of the first NaN. */
function greatestBelow(a: Float64Array, stride: number, k: number, n: number): number {
	let greatest = 0;
	let at = k;
	for (let i = k; i < n; i++) {
		const size = Math.abs(a[i * stride + k]!);
		if (size <= greatest) continue;
		greatest = size;
		at = i;
		if (Number.isNaN(size)) return i;
	}
	return at;
}
