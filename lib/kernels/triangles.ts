import { subtractProduct } from "./gemm.ts";
import { asMatrix, type Matrix, type MatrixRows, partFrom, rowsFrom } from "./matrix.ts";

/** So many rows are worked out one by one; of more, each half, with a product between them. */
export const FEW = 16;

/** Of how many rows the first half is: whole blocks of them. */
export function half(n: number): number {
	return FEW * Math.ceil(n / (2 * FEW));
}

/** Squares of up to so many rows are computed whole: half of a product in vain. */
const WHOLE = 64;

/**
 * Takes the upper triangle of the product of an n×k and a k×n matrix off that of a third, of which
 * what is below the diagonal is of no use after.
 */
export function subtractUpper(n: number, k: number, a: Matrix, b: Matrix, out: MatrixRows): void {
	if (n <= WHOLE) {
		subtractProduct(n, n, k, a, b, out);
		return;
	}
	const h = half(n);
	const right = partFrom(b, 0, h);
	subtractUpper(h, k, a, b, out);
	subtractProduct(h, n - h, k, a, right, rowsFrom(out, 0, h));
	subtractUpper(n - h, k, partFrom(a, h, 0), right, rowsFrom(out, h, h));
}

/** A triangle of a matrix, and how it is read. */
export interface TriangleView {
	readonly matrix: Matrix;
	/** Whether it is the lower one, so that the first row has one unknown. */
	readonly lower: boolean;
	/** Whether the diagonal is ones, whatever stands there. */
	readonly unit: boolean;
}

/** What is under a part of a triangle, from row and column i on. */
export function triangleFrom({ matrix, ...how }: TriangleView, i: number): TriangleView {
	return { matrix: partFrom(matrix, i, i), ...how };
}

/**
 * Solves T·X = B for an n×n triangle in place: the n×m rows of B become X. A row takes its terms in
 * the order in which they are known.
 */
export function solveTriangle(t: TriangleView, x: MatrixRows, n: number, m: number): void {
	if (n <= FEW) {
		substitute(t, x, n, m);
		return;
	}
	const h = half(n);
	const rest = rowsFrom(x, h, 0);
	if (t.lower) {
		solveTriangle(t, x, h, m);
		subtractProduct(n - h, m, h, partFrom(t.matrix, h, 0), asMatrix(x), rest);
		solveTriangle(triangleFrom(t, h), rest, n - h, m);
	} else {
		solveTriangle(triangleFrom(t, h), rest, n - h, m);
		subtractProduct(h, m, n - h, partFrom(t.matrix, 0, h), asMatrix(rest), x);
		solveTriangle(t, x, h, m);
	}
}

/** The same row by row. */
function substitute(
	{ matrix, lower, unit }: TriangleView,
	x: MatrixRows,
	n: number,
	m: number,
): void {
	const { array: t, offset, rowStride, columnStride } = matrix;
	const { array, at, stride } = x;
	for (let step = 0; step < n; step++) {
		const i = lower ? step : n - 1 - step;
		const row = offset + i * rowStride;
		const [from, to] = lower ? [0, i] : [i + 1, n];
		const o = at + i * stride;
		let k = from;
		// Four terms at a time: the row is read and written once for them.
		for (; k + 4 <= to; k += 4) {
			const [p, q] = [row + k * columnStride, at + k * stride];
			const t0 = t[p]!;
			const t1 = t[p + columnStride]!;
			const t2 = t[p + 2 * columnStride]!;
			const t3 = t[p + 3 * columnStride]!;
			const [q1, q2, q3] = [q + stride, q + 2 * stride, q + 3 * stride];
			for (let c = 0; c < m; c++) {
				array[o + c] =
					array[o + c]! -
					t0 * array[q + c]! -
					t1 * array[q1 + c]! -
					t2 * array[q2 + c]! -
					t3 * array[q3 + c]!;
			}
		}
		for (; k < to; k++) {
			const factor = t[row + k * columnStride]!;
			const q = at + k * stride;
			for (let c = 0; c < m; c++) array[o + c]! -= factor * array[q + c]!;
		}
		if (unit) continue;
		const diagonal = t[row + i * columnStride]!;
		for (let c = 0; c < m; c++) array[o + c]! /= diagonal;
	}
}

/** Turns the rows of the identity into the inverse of a lower triangle, with zeros above it. */
export function invertLower(t: TriangleView, x: MatrixRows, n: number): void {
	if (n <= FEW) {
		substitute(t, x, n, n);
		return;
	}
	const h = half(n);
	const [below, rest] = [rowsFrom(x, h, 0), triangleFrom(t, h)];
	invertLower(t, x, h);
	subtractProduct(n - h, h, h, partFrom(t.matrix, h, 0), asMatrix(x), below);
	solveTriangle(rest, below, n - h, h);
	invertLower(rest, rowsFrom(x, h, h), n - h);
}

/** Whether a triangle has a 0 on its diagonal, if that is read. */
export function hasZero({ matrix, unit }: TriangleView, n: number): boolean {
	const { array, offset, rowStride, columnStride } = matrix;
	for (let i = 0; i < n && !unit; i++) {
		if (array[offset + i * (rowStride + columnStride)] === 0) return true;
	}
	return false;
}

/**
 * Solves for the n×m numbers from x[at] on, row by row, which `fill` sets to the right side: twice
 * where the solution is not finite.
 */
export function solveRows(
	t: TriangleView,
	x: Float64Array,
	at: number,
	n: number,
	m: number,
	fill: () => void,
): void {
	const rows = { array: x, at, stride: m };
	fill();
	solveTriangle(t, rows, n, m);
	if (areFinite(x, at, n * m)) return;
	fill();
	solveUnbounded(t, rows, n, m);
}

/** Whether all of so many numbers are finite. */
export function areFinite(x: Float64Array, at: number, count: number): boolean {
	let rest = 0;
	for (let i = at; i < at + count; i++) rest += x[i]! - x[i]!;
	return rest === 0;
}

/**
 * What `solveTriangle` does where the solution is not finite: 0 times ∞ is 0, and shows a NaN.
 */
export function solveUnbounded(t: TriangleView, x: MatrixRows, n: number, m: number): void {
	const { array, offset, rowStride, columnStride } = t.matrix;
	for (let step = 0; step < n; step++) {
		const i = t.lower ? step : n - 1 - step;
		const [from, to] = t.lower ? [0, i] : [i + 1, n];
		const row = rowsFrom(x, i, 0);
		for (let k = from; k < to; k++) {
			const factor = array[offset + i * rowStride + k * columnStride]!;
			subtractRow(x.array, row.at, factor, x.at + k * x.stride, m);
		}
		if (t.unit) continue;
		const diagonal = array[offset + i * (rowStride + columnStride)]!;
		for (let c = row.at; c < row.at + m; c++) row.array[c]! /= diagonal;
	}
}

/**
 * The row of m numbers at y[row], less a multiple of the one at y[other]: 0 times ∞ is 0, and shows
 * a NaN.
 */
function subtractRow(y: Float64Array, row: number, factor: number, other: number, m: number): void {
	for (let c = 0; c < m; c++) {
		const x = y[other + c]!;
		if (factor !== 0 || Math.abs(x) !== Number.POSITIVE_INFINITY) y[row + c]! -= factor * x;
	}
}
