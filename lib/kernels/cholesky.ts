import { subtractProduct } from "./gemm.ts";
import {
	asMatrix,
	copyMatrix,
	type Matrix,
	type MatrixRows,
	partFrom,
	rowsFrom,
	transposedOf,
} from "./matrix.ts";
import { FEW, half, solveTriangle, subtractUpper } from "./triangles.ts";

/**
 * Turns the upper triangle of a symmetric matrix into the upper triangular U with Uᵀ·U = A; false
 * where a pivot is not positive. What is below the diagonal is not read, and of no use after. Each
 * element takes its terms in the same order whatever n is (F. G. Gustavson, "Recursion leads to
 * automatic variable blocking for dense linear-algebra algorithms", 1997).
 */
export function factorizeUpper(u: MatrixRows, n: number): boolean {
	if (n <= 2 * FEW) return factorizeFew(u, n);
	const h = half(n);
	if (!factorizeUpper(u, h)) return false;
	const right = rowsFrom(u, 0, h);
	const rest = rowsFrom(u, h, h);
	solveTriangle({ matrix: transposedOf(asMatrix(u)), lower: true, unit: false }, right, h, n - h);
	subtractUpper(n - h, h, transposedOf(asMatrix(right)), asMatrix(right), rest);
	return factorizeUpper(rest, n - h);
}

/** The same row by row. */
function factorizeFew({ array, at, stride }: MatrixRows, n: number): boolean {
	for (let k = 0; k < n; k++) {
		const row = at + k * stride;
		for (let p = at; p < row; p += stride) {
			const factor = array[p + k]!;
			for (let j = k; j < n; j++) array[row + j]! -= factor * array[p + j]!;
		}
		const pivot = array[row + k]!;
		if (pivot <= 0) return false;
		const root = Math.sqrt(pivot);
		array[row + k] = root;
		for (let j = k + 1; j < n; j++) array[row + j]! /= root;
	}
	return true;
}

/**
 * Turns a gradient by the upper triangle U of `factorizeUpper` into the one by that of A, in place:
 * the steps of the factorization backwards, in as large products as it has (I. Murray,
 * "Differentiation of the Cholesky decomposition", 2016). What is below the diagonal is not read,
 * and of no use after.
 */
export function backpropagateUpper(u: Matrix, g: MatrixRows, n: number): void {
	if (n <= FEW) {
		backpropagateFew(u, g, n);
		return;
	}
	const h = half(n);
	const [uRight, right] = [partFrom(u, 0, h), rowsFrom(g, 0, h)];
	const rest = rowsFrom(g, h, h);
	backpropagateUpper(partFrom(u, h, h), rest, n - h);
	// The rest is A₂₂ − U₁₂ᵀ·U₁₂, and U₁₂ solves U₁₁ᵀ·U₁₂ = A₁₂.
	subtractProduct(h, n - h, n - h, uRight, symmetricSum(rest, n - h), right);
	solveTriangle({ matrix: u, lower: false, unit: false }, right, h, n - h);
	subtractUpper(h, n - h, uRight, transposedOf(asMatrix(right)), g);
	backpropagateUpper(u, g, h);
}

/** The same row by row. */
function backpropagateFew(upper: Matrix, { array, at, stride }: MatrixRows, n: number): void {
	const u = new Float64Array(n * n);
	copyMatrix(upper, n, n, u, 0);
	for (let k = n - 1; k >= 0; k--) {
		const row = at + k * stride;
		const pivot = u[k * n + k]!;
		let byPivot = array[row + k]!;
		for (let j = k + 1; j < n; j++) {
			array[row + j]! /= pivot;
			byPivot -= array[row + j]! * u[k * n + j]!;
		}
		array[row + k] = byPivot / (2 * pivot);
		for (let p = 0; p < k; p++) {
			const other = at + p * stride;
			const factor = u[p * n + k]!;
			let byFactor = 0;
			for (let j = k; j < n; j++) {
				byFactor += array[row + j]! * u[p * n + j]!;
				array[other + j]! -= array[row + j]! * factor;
			}
			array[other + k]! -= byFactor;
		}
	}
}

/** X + Xᵀ for the upper triangle X. */
function symmetricSum({ array, at, stride }: MatrixRows, n: number): Matrix {
	const out = new Float64Array(n * n);
	forUpperBlocks(n, (top, bottom, left, right) => {
		for (let i = top; i < bottom; i++) {
			for (let j = Math.max(i, left); j < right; j++) {
				const x = array[at + i * stride + j]!;
				out[i * n + j] = x;
				out[j * n + i] = i === j ? 2 * x : x;
			}
		}
	});
	return asMatrix({ array: out, at: 0, stride: n });
}

/** Writes the upper triangle of the symmetric part of a matrix into rows. */
export function copySymmetric(
	from: Matrix,
	{ array: to, at, stride }: MatrixRows,
	n: number,
): void {
	const { array, offset, rowStride, columnStride } = from;
	forUpperBlocks(n, (top, bottom, left, right) => {
		for (let i = top; i < bottom; i++) {
			const [row, column] = [offset + i * rowStride, offset + i * columnStride];
			const o = at + i * stride;
			for (let j = Math.max(i, left); j < right; j++) {
				to[o + j] = (array[row + j * columnStride]! + array[column + j * rowStride]!) / 2;
			}
		}
	});
}

/** Turns the upper triangle of rows into the lower one, with zeros above it. */
export function turnLower({ array, at, stride }: MatrixRows, n: number): void {
	forUpperBlocks(n, (top, bottom, left, right) => {
		for (let i = top; i < bottom; i++) {
			const [row, column] = [at + i * stride, at + i];
			for (let j = Math.max(i + 1, left); j < right; j++) {
				array[column + j * stride] = array[row + j]!;
				array[row + j] = 0;
			}
		}
	});
}

/** Makes the matrix symmetric whose upper triangle is given, halved beside the diagonal. */
export function spreadUpper({ array, at, stride }: MatrixRows, n: number): void {
	forUpperBlocks(n, (top, bottom, left, right) => {
		for (let i = top; i < bottom; i++) {
			const [row, column] = [at + i * stride, at + i];
			for (let j = Math.max(i + 1, left); j < right; j++) {
				const x = array[row + j]! / 2;
				array[row + j] = x;
				array[column + j * stride] = x;
			}
		}
	});
}

/** Sides of the squares in which a matrix is transposed: both ways through it stay in the cache. */
const SQUARE = 16;

/** Calls `visit` for the squares in which elements of the upper triangle of an n×n matrix lie. */
function forUpperBlocks(
	n: number,
	visit: (top: number, bottom: number, left: number, right: number) => void,
): void {
	for (let i = 0; i < n; i += SQUARE) {
		for (let j = i; j < n; j += SQUARE) {
			visit(i, Math.min(n, i + SQUARE), j, Math.min(n, j + SQUARE));
		}
	}
}
