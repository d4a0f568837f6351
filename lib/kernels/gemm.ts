import { engine } from "../asm/engine.ts";
import { makePanels, type PanelSums } from "../asm/panels.ts";
import type { TypedArray } from "../core/dtype.ts";
import { type Panels, scriptPanels } from "./panels.ts";

/** A matrix in storage: element (i, j) lies at offset + i·rowStride + j·columnStride. */
export interface Matrix {
	readonly array: TypedArray;
	readonly offset: number;
	readonly rowStride: number;
	readonly columnStride: number;
}

/** Up to this many multiplications packing costs more than it saves. */
const SMALL = 200;
/**
 * From this many on the way into WebAssembly pays, unless the result is so thin that most of a tile
 * would be empty.
 */
const LARGE = 20_000;
const THIN = 4;

let fastest: Panels | undefined;

function panelsFor(m: number, n: number, k: number): Panels {
	if (m * n * k < LARGE || Math.min(m, n) < THIN) return scriptPanels;
	fastest ??= fastestPanels();
	return fastest;
}

function fastestPanels(): Panels {
	const wasm = engine();
	if (wasm === null) return scriptPanels;
	try {
		return makePanels(wasm);
	} catch (error) {
		// There is no memory for them, as under a limit on addresses: engines reserve gigabytes of them
		// for any memory.
		if (error instanceof RangeError) return scriptPanels;
		throw error;
	}
}

/**
 * out[o + i·n + j] += Σₖ a(i, k)·b(k, j) for an m×k and a k×n matrix. Blocks of both are packed
 * into panels as wide as a tile, so that the inner loop reads memory in order whatever the strides.
 * Terms are added one by one, in the order of k, whatever the shape, in JavaScript and in
 * WebAssembly: the same product gives the same bits wherever it stands.
 */
export function gemm(
	m: number,
	n: number,
	k: number,
	a: Matrix,
	b: Matrix,
	out: PanelSums,
	o: number,
	panels: Panels = panelsFor(m, n, k),
): void {
	if (k === 1) {
		addOuter(m, n, a, b, out, o);
		return;
	}
	if (m === 1 || n === 1 || m * n * k <= SMALL) {
		multiplyDirectly(m, n, k, a, b, out, o);
		return;
	}
	const { rows, columns: width, left, right } = panels;
	for (let q = 0; q < k; q += panels.depth) {
		const depth = Math.min(panels.depth, k - q);
		for (let j = 0; j < n; j += panels.block) {
			const columns = Math.min(panels.block, n - j);
			const from = b.offset + q * b.rowStride + j * b.columnStride;
			for (let c = 0; c < columns; c += width) {
				const lines = Math.min(width, columns - c);
				const start = from + c * b.columnStride;
				pack(b.array, start, lines, b.columnStride, depth, b.rowStride, width, right, c * depth);
			}
			for (let i = 0; i < m; i += rows) {
				const lines = Math.min(rows, m - i);
				const start = a.offset + i * a.rowStride + q * a.columnStride;
				pack(a.array, start, lines, a.rowStride, depth, a.columnStride, rows, left, 0);
				panels.multiply(lines, columns, depth, out, o + i * n + j, n);
			}
		}
	}
}

/** The same for a column and a row, each element of which is read once for a row of the result. */
function addOuter(m: number, n: number, a: Matrix, b: Matrix, out: PanelSums, o: number): void {
	const { array: y, columnStride } = b;
	for (let i = 0, at = o; i < m; i++) {
		const x = a.array[a.offset + i * a.rowStride]!;
		for (let j = 0, r = b.offset; j < n; j++, at++, r += columnStride) out[at]! += x * y[r]!;
	}
}

/** The same without packing. */
function multiplyDirectly(
	m: number,
	n: number,
	k: number,
	a: Matrix,
	b: Matrix,
	out: PanelSums,
	o: number,
): void {
	const { array: x, columnStride: dp } = a;
	const { array: y, rowStride: dr } = b;
	for (let i = 0; i < m; i++) {
		for (let j = 0; j < n; j++) {
			let sum = out[o + i * n + j]!;
			let p = a.offset + i * a.rowStride;
			let r = b.offset + j * b.columnStride;
			for (let q = 0; q < k; q++, p = (p + dp) | 0, r = (r + dr) | 0) sum += x[p]! * y[r]!;
			out[o + i * n + j] = sum;
		}
	}
}

/**
 * Copies lines (rows of a or columns of b) into a panel: first the elements of all lines at k = 0,
 * then those at k = 1, …; lines that are missing from its width are zeros.
 */
function pack(
	source: TypedArray,
	start: number,
	lines: number,
	lineStride: number,
	k: number,
	kStride: number,
	width: number,
	panel: Float64Array,
	at: number,
): void {
	for (let line = 0; line < width; line++) {
		let to = at + line;
		let from = start + line * lineStride;
		if (line < lines) {
			for (let q = 0; q < k; q++, to += width, from += kStride) panel[to] = source[from]!;
		} else {
			for (let q = 0; q < k; q++, to += width) panel[to] = 0;
		}
	}
}
