import { engine } from "../asm/engine.ts";
import { type MatrixMemory, makeMatrixMemory, type PanelSums } from "../asm/matrix-memory.ts";
import type { TypedArray } from "../core/dtype.ts";
import { copyAll, multiplyInMemory } from "./in-memory.ts";
import { type Matrix, type MatrixRows, part, transposedOf } from "./matrix.ts";
import { multiplyPanels } from "./panels.ts";

/** From so many multiplications on packing pays, and so does the way into WebAssembly. */
const LARGE = 1000;

/** Whether the result is so thin that most of a tile would be empty. */
const isThin = (m: number, n: number) => Math.min(m, n) < 4;

/** Whether a product is not worth packing. */
const isSmall = (m: number, n: number, k: number) => isThin(m, n) || m * n * k < LARGE;

let fastest: MatrixMemory | null | undefined;

/** What multiplies matrices in WebAssembly; null where JavaScript does. */
function fastestMemory(): MatrixMemory | null {
	if (fastest === undefined) fastest = matrixMemory();
	return fastest;
}

function matrixMemory(): MatrixMemory | null {
	const wasm = engine();
	if (wasm === null) return null;
	try {
		return makeMatrixMemory(wasm);
	} catch (error) {
		// There is no memory for them, as under a limit on addresses: engines reserve gigabytes of them
		// for any memory.
		if (error instanceof RangeError) return null;
		throw error;
	}
}

/** The memory that was chosen, or the fastest if none was. */
function memoryFor(chosen: MatrixMemory | null | undefined): MatrixMemory | null {
	return chosen === undefined ? fastestMemory() : chosen;
}

/**
 * out[o + i·n + j] += Σₖ a(i, k)·b(k, j) for an m×k and a k×n matrix. Terms are added one by one,
 * in the order of k, whatever the shape, in JavaScript and in WebAssembly: the same product gives
 * the same bits wherever it stands.
 *
 * @param chosen the memory for large products; null for none, so that JavaScript multiplies
 * @param stride how far apart the rows of the result lie, if it is a part of a wider matrix
 */
export function gemm(
	m: number,
	n: number,
	k: number,
	a: Matrix,
	b: Matrix,
	out: PanelSums,
	o: number,
	chosen?: MatrixMemory | null,
	stride: number = n,
): void {
	if (k === 1) addOuter(m, n, a, b, out, o, stride);
	else if (isSmall(m, n, k)) multiplyVectors(m, n, k, a, b, out, o, stride);
	else {
		const memory = memoryFor(chosen);
		if (memory === null) multiplyPanels(m, n, k, a, b, out, o, stride);
		else multiplyInMemory(memory, m, n, k, a, b, out, o, stride, false);
	}
}

/**
 * Takes the product of an m×k and a k×n matrix off rows: term by term, as `gemm` adds them.
 *
 * @param chosen the memory for large products, as for `gemm`
 */
export function subtractProduct(
	m: number,
	n: number,
	k: number,
	a: Matrix,
	b: Matrix,
	{ array, at, stride }: MatrixRows,
	chosen?: MatrixMemory | null,
): void {
	const isLarge = k > 1 && !isSmall(m, n, k);
	const memory = isLarge ? memoryFor(chosen) : null;
	if (memory !== null) multiplyInMemory(memory, m, n, k, a, b, array, at, stride, true);
	else if (m < n) gemm(m, n, k, negated(a, m, k), b, array, at, null, stride);
	else gemm(m, n, k, a, negated(b, k, n), array, at, null, stride);
}

/** The negative of a matrix, in an array of its own. */
function negated(
	{ array, offset, rowStride, columnStride }: Matrix,
	rows: number,
	columns: number,
) {
	const out = new Float64Array(rows * columns);
	for (let i = 0, o = 0; i < rows; i++) {
		let from = offset + i * rowStride;
		for (let j = 0; j < columns; j++, o++, from += columnStride) out[o] = -array[from]!;
	}
	return { array: out, offset: 0, rowStride: columns, columnStride: 1 };
}

/**
 * The products of pairs of matrices, so far apart, one after the other from out[0] on, with the
 * bits of `gemm`.
 */
export function gemmOfBatch(
	count: number,
	m: number,
	n: number,
	k: number,
	a: Matrix,
	aApart: number,
	b: Matrix,
	bApart: number,
	out: PanelSums,
): void {
	const isSmall = k === 1 || isThin(m, n) || count * m * n * k < LARGE;
	const memory = isSmall ? null : fastestMemory();
	const room = memory === null ? 0 : Math.floor(memory.c.length / Math.max(m * n, m * k, k * n));
	const together = n > (memory?.columns ?? 0) ? 1 : Math.max(1, Math.min(count, room));
	for (let e = 0; e < count; e += together) {
		const some = Math.min(together, count - e);
		const [left, right] = [part(a, e * aApart), part(b, e * bApart)];
		if (memory !== null && some > 1) {
			const x = copyAll(memory.a, left, m, k, some, aApart);
			const y = x && copyAll(memory.b, right, k, n, some, bApart);
			if (x !== null && y !== null) {
				const [at, size] = [e * m * n, some * m * n];
				memory.c.set(out.subarray(at, at + size));
				memory.multiply(some, m, n, k, x, y);
				out.set(memory.results(size, out), at);
				continue;
			}
		}
		for (let i = 0; i < some; i++) {
			gemm(m, n, k, part(left, i * aApart), part(right, i * bApart), out, (e + i) * m * n);
		}
	}
}

/** The same for a column and a row, each element of which is read once for a row of the result. */
function addOuter(
	m: number,
	n: number,
	a: Matrix,
	b: Matrix,
	out: PanelSums,
	o: number,
	stride: number,
): void {
	const { array: y, columnStride } = b;
	for (let i = 0; i < m; i++) {
		const x = a.array[a.offset + i * a.rowStride]!;
		const start = o + i * stride;
		for (let j = 0, r = b.offset; j < n; j++, r += columnStride) out[start + j]! += x * y[r]!;
	}
}

/** The same without packing, for one vector after the other. */
function multiplyVectors(
	m: number,
	n: number,
	k: number,
	a: Matrix,
	b: Matrix,
	out: PanelSums,
	o: number,
	stride: number,
): void {
	if (n > m) {
		const columns = transposedOf(b);
		for (let i = 0; i < m; i++) {
			const start = a.offset + i * a.rowStride;
			multiplyVector(n, k, columns, a.array, start, a.columnStride, out, o + i * stride, 1);
		}
		return;
	}
	for (let j = 0; j < n; j++) {
		multiplyVector(
			m,
			k,
			a,
			b.array,
			b.offset + j * b.columnStride,
			b.rowStride,
			out,
			o + j,
			stride,
		);
	}
}

/** Adds the products of rows with a vector to sums that lie so far apart. */
function multiplyVector(
	rows: number,
	k: number,
	{ array: x, offset, rowStride, columnStride }: Matrix,
	y: TypedArray,
	start: number,
	step: number,
	out: PanelSums,
	o: number,
	apart: number,
): void {
	let i = 0;
	let at = o;
	// Four sums, which do not wait for each other.
	for (; i + 4 <= rows; i += 4, at += 4 * apart) {
		let p0 = offset + i * rowStride;
		let p1 = p0 + rowStride;
		let p2 = p1 + rowStride;
		let p3 = p2 + rowStride;
		let sum0 = out[at]!;
		let sum1 = out[at + apart]!;
		let sum2 = out[at + 2 * apart]!;
		let sum3 = out[at + 3 * apart]!;
		for (let q = 0, r = start; q < k; q++, r = (r + step) | 0) {
			const factor = y[r]!;
			sum0 += x[p0]! * factor;
			sum1 += x[p1]! * factor;
			sum2 += x[p2]! * factor;
			sum3 += x[p3]! * factor;
			p0 = (p0 + columnStride) | 0;
			p1 = (p1 + columnStride) | 0;
			p2 = (p2 + columnStride) | 0;
			p3 = (p3 + columnStride) | 0;
		}
		out[at] = sum0;
		out[at + apart] = sum1;
		out[at + 2 * apart] = sum2;
		out[at + 3 * apart] = sum3;
	}
	for (; i < rows; i++, at += apart) {
		let sum = out[at]!;
		let p = offset + i * rowStride;
		for (let q = 0, r = start; q < k; q++, r = (r + step) | 0) {
			sum += x[p]! * y[r]!;
			p = (p + columnStride) | 0;
		}
		out[at] = sum;
	}
}
