import { PANEL_DEPTH, type PanelSums } from "../asm/matrix-memory.ts";
import type { TypedArray } from "../core/dtype.ts";
import type { Matrix } from "./matrix.ts";

/**
 * Rows and columns of the result that are computed together. V8 forms the products of a step before
 * it adds any: six of them and six sums still fit into 15 registers, and a sum that does not waits
 * for memory at every step.
 */
const TILE_ROWS = 2;
const TILE_COLUMNS = 3;
/** Columns packed at a time, whole tiles of them, which fit the second-level cache. */
const COLUMNS = 126;

const { left, right, multiplyTile } = makeTile();
/** A tile at the rim of the result, which has rows or columns to spare. */
const rim = new Float64Array(TILE_ROWS * TILE_COLUMNS);

/**
 * Adds the product of two matrices to a third in JavaScript: blocks of both are packed, so that the
 * inner loop reads memory in order whatever the strides.
 */
export function multiplyPanels(
	m: number,
	n: number,
	k: number,
	a: Matrix,
	b: Matrix,
	out: PanelSums,
	o: number,
	stride: number,
): void {
	for (let q = 0; q < k; q += PANEL_DEPTH) {
		const depth = Math.min(PANEL_DEPTH, k - q);
		for (let j = 0; j < n; j += COLUMNS) {
			const columns = Math.min(COLUMNS, n - j);
			const from = b.offset + q * b.rowStride + j * b.columnStride;
			for (let c = 0; c < columns; c += TILE_COLUMNS) {
				const lines = Math.min(TILE_COLUMNS, columns - c);
				const start = from + c * b.columnStride;
				pack(
					b.array,
					start,
					lines,
					b.columnStride,
					depth,
					b.rowStride,
					TILE_COLUMNS,
					right,
					c * depth,
				);
			}
			for (let i = 0; i < m; i += TILE_ROWS) {
				const lines = Math.min(TILE_ROWS, m - i);
				const start = a.offset + i * a.rowStride + q * a.columnStride;
				pack(a.array, start, lines, a.rowStride, depth, a.columnStride, TILE_ROWS, left, 0);
				multiplyRows(lines, columns, depth, out, o + i * stride + j, stride);
			}
		}
	}
}

/** The packed rows times all packed columns. */
function multiplyRows(
	rows: number,
	columns: number,
	k: number,
	out: PanelSums,
	o: number,
	stride: number,
): void {
	for (let j = 0; j < columns; j += TILE_COLUMNS) {
		const width = Math.min(TILE_COLUMNS, columns - j);
		if (rows === TILE_ROWS && width === TILE_COLUMNS) {
			multiplyTile(k, j * k, out, o + j, stride);
			continue;
		}
		for (let i = 0; i < rows; i++) {
			for (let c = 0; c < width; c++) rim[TILE_COLUMNS * i + c] = out[o + i * stride + j + c]!;
		}
		multiplyTile(k, j * k, rim, 0, TILE_COLUMNS);
		for (let i = 0; i < rows; i++) {
			for (let c = 0; c < width; c++) out[o + i * stride + j + c] = rim[TILE_COLUMNS * i + c]!;
		}
	}
}

/**
 * The panels that are multiplied, and the loop that does it. What is constant in the one function
 * that closes over it is constant to V8, which then knows inside the loop where a panel lies and
 * how long it is; `| 0` says that an index does not overflow.
 */
function makeTile() {
	const left = new Float64Array(TILE_ROWS * PANEL_DEPTH);
	const right = new Float64Array(COLUMNS * PANEL_DEPTH);

	/** Adds the packed rows times the three columns packed at r to the tile at out[o]. */
	function multiplyTile(k: number, r: number, out: PanelSums, o: number, stride: number): void {
		const next = o + stride;
		let c00 = out[o]!;
		let c01 = out[o + 1]!;
		let c02 = out[o + 2]!;
		let c10 = out[next]!;
		let c11 = out[next + 1]!;
		let c12 = out[next + 2]!;
		const end = TILE_ROWS * k;
		for (let p = 0; p < end; p = (p + 2) | 0, r = (r + 3) | 0) {
			const a0 = left[p]!;
			const a1 = left[(p + 1) | 0]!;
			const b0 = right[r]!;
			const b1 = right[(r + 1) | 0]!;
			const b2 = right[(r + 2) | 0]!;
			c00 += a0 * b0;
			c01 += a0 * b1;
			c02 += a0 * b2;
			c10 += a1 * b0;
			c11 += a1 * b1;
			c12 += a1 * b2;
		}
		out[o] = c00;
		out[o + 1] = c01;
		out[o + 2] = c02;
		out[next] = c10;
		out[next + 1] = c11;
		out[next + 2] = c12;
	}

	return { left, right, multiplyTile };
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
