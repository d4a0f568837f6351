import { asMatrix } from "./matrix.ts";
import { productsOfOthers, scaledProduct } from "./scaled-product.ts";
import {
	areFinite,
	invertLower,
	solveRows,
	solveTriangle,
	type TriangleView,
} from "./triangles.ts";

/**
 * A square matrix as L·D·U with its rows and columns reordered: row i of the product is row
 * `rows[i]` of the matrix, and likewise for columns. L is unit lower, U unit upper triangular, D
 * diagonal.
 */
export interface Factors {
	readonly n: number;
	/** L below the diagonal and U above it, row-major; the ones are not stored. */
	readonly triangles: Float64Array;
	/** D; with complete pivoting 0 from the rank of the matrix on. */
	readonly pivots: Float64Array;
	readonly rows: Int32Array;
	readonly columns: Int32Array;
	/** The sign of the two reorderings together. */
	readonly sign: number;
}

/**
 * Gaussian elimination with complete pivoting: the greatest element that is left becomes the pivot,
 * so L and U stay bounded and a singular matrix shows as pivots of 0 at the end (G. H. Golub and C.
 * F. Van Loan, "Matrix Computations", section 3.4). Works in place: `a` becomes `triangles`.
 */
export function factorize(a: Float64Array, n: number): Factors {
	const pivots = new Float64Array(n);
	const rows = Int32Array.from({ length: n }, (_, i) => i);
	const columns = rows.slice();
	let sign = 1;
	for (let k = 0; k < n; k++) {
		const [row, column] = greatestFrom(a, n, k);
		if (row !== k) {
			swapRows(a, n, k, row);
			[rows[k], rows[row]] = [rows[row]!, rows[k]!];
			sign = -sign;
		}
		if (column !== k) {
			swapColumns(a, n, k, column);
			[columns[k], columns[column]] = [columns[column]!, columns[k]!];
			sign = -sign;
		}
		const pivot = a[k * n + k]!;
		if (pivot === 0) break;
		pivots[k] = pivot;
		for (let i = k + 1; i < n; i++) {
			const factor = a[i * n + k]! / pivot;
			a[i * n + k] = factor;
			for (let j = k + 1; j < n; j++) a[i * n + j]! -= factor * a[k * n + j]!;
		}
		for (let j = k + 1; j < n; j++) a[k * n + j]! /= pivot;
	}
	return { n, triangles: a, pivots, rows, columns, sign };
}

/**
 * Row and column of the greatest element, in size, from (k, k) on; of the first NaN if there is
 * one.
 */
function greatestFrom(a: Float64Array, n: number, k: number): [row: number, column: number] {
	let greatest = 0;
	let at = k * n + k;
	for (let i = k; i < n; i++) {
		for (let j = i * n + k; j < (i + 1) * n; j++) {
			const size = Math.abs(a[j]!);
			if (size <= greatest) continue;
			greatest = size;
			at = j;
			if (Number.isNaN(size)) return [i, j - i * n];
		}
	}
	return [Math.floor(at / n), at % n];
}

/** Exchanges two rows of n numbers. */
export function swapRows(a: Float64Array, n: number, i: number, k: number): void {
	const row = a.slice(i * n, (i + 1) * n);
	a.copyWithin(i * n, k * n, (k + 1) * n);
	a.set(row, k * n);
}

function swapColumns(a: Float64Array, n: number, j: number, k: number): void {
	for (let row = 0; row < n * n; row += n) {
		[a[row + j], a[row + k]] = [a[row + k]!, a[row + j]!];
	}
}

/** Whether the matrix has no inverse; one with a NaN is not called singular. */
export function isSingular({ pivots }: Factors): boolean {
	return pivots.includes(0);
}

/** The determinant, which over- and underflows only where the whole product of pivots does. */
export function determinantOf({ n, pivots, sign }: Factors): number {
	return sign * scaledProduct(pivots, 0, n);
}

/** D⁻¹. */
export function solveDiagonal({ n, pivots }: Factors, b: Float64Array, m: number): void {
	for (let i = 0; i < n; i++) {
		for (let c = i * m; c < (i + 1) * m; c++) b[c]! /= pivots[i]!;
	}
}

/** The adjugate of D: for each element of the diagonal, the product of the others; 0 · ∞ is 0. */
export function multiplyByOthers({ n, pivots }: Factors, b: Float64Array, m: number): void {
	const others = new Float64Array(n);
	productsOfOthers(n)(pivots, 0, others, 0, 1);
	for (let i = 0; i < n; i++) {
		const isTooLarge = Math.abs(others[i]!) === Number.POSITIVE_INFINITY;
		for (let c = i * m; c < (i + 1) * m; c++) if (b[c] !== 0 || !isTooLarge) b[c]! *= others[i]!;
	}
}

/**
 * U⁻¹·(what `between` makes of L⁻¹·b), rows and columns back in order: with `solveDiagonal`
 * between, the solution of A·x = b for an n×m matrix b.
 */
export function solveFactored(
	factors: Factors,
	between: (factors: Factors, b: Float64Array, m: number) => void,
	b: Float64Array,
	m: number,
): Float64Array {
	const y = solveLower(factors, b, m);
	between(factors, y, m);
	return solveUpper(factors, y, m);
}

/** The inverse: what `solveFactored` makes of the identity, of which L⁻¹ keeps the zeros. */
export function inverseOf(factors: Factors): Float64Array {
	const { n, rows, columns } = factors;
	const x = { array: identityMatrix(n), at: 0, stride: n };
	invertLower(triangleOf(factors, true), x, n);
	solveDiagonal(factors, x.array, n);
	solveTriangle(triangleOf(factors, false), x, n, n);
	if (!areFinite(x.array, 0, n * n)) {
		return solveFactored(factors, solveDiagonal, identityMatrix(n), n);
	}
	const out = new Float64Array(n * n);
	for (let i = 0; i < n; i++) {
		const to = columns[i]! * n;
		for (let j = 0; j < n; j++) out[to + rows[j]!] = x.array[i * n + j]!;
	}
	return out;
}

/** L or U, with the ones that are not stored. */
function triangleOf({ n, triangles: array }: Factors, lower: boolean): TriangleView {
	return { matrix: asMatrix({ array, at: 0, stride: n }), lower, unit: true };
}

/** L⁻¹·b for an n×m matrix b, whose rows are put in the order of L before. */
export function solveLower(factors: Factors, b: Float64Array, m: number): Float64Array {
	const { n, rows } = factors;
	const y = new Float64Array(n * m);
	solveRows(triangleOf(factors, true), y, 0, n, m, () => {
		for (let i = 0; i < n; i++) y.set(b.subarray(rows[i]! * m, (rows[i]! + 1) * m), i * m);
	});
	return y;
}

/** U⁻¹·y for an n×m matrix y; its rows are put back in the order of the matrix after. */
export function solveUpper(factors: Factors, y: Float64Array, m: number): Float64Array {
	const { n, columns } = factors;
	const x = new Float64Array(n * m);
	solveRows(triangleOf(factors, false), x, 0, n, m, () => x.set(y));
	const out = new Float64Array(n * m);
	for (let i = 0; i < n; i++) out.set(x.subarray(i * m, (i + 1) * m), columns[i]! * m);
	return out;
}

/** The identity matrix. */
export function identityMatrix(n: number): Float64Array {
	const out = new Float64Array(n * n);
	for (let i = 0; i < n; i++) out[i * n + i] = 1;
	return out;
}
