import type { Storage } from "../dtype.ts";

/** A matrix in storage: element (i, j) lies at offset + i·rowStride + j·columnStride. */
export interface Matrix {
	readonly storage: Storage;
	readonly offset: number;
	readonly rowStride: number;
	readonly columnStride: number;
}

/**
 * Rows and columns of the result that are computed together. V8 forms the products of a step before it adds any: six of them
 * and six sums still fit into 15 registers, and a sum that does not waits for memory at every step.
 */
const TILE_ROWS = 2;
const TILE_COLUMNS = 3;
/** Terms of the sums, and columns (whole tiles), packed at a time; together they fit the second-level cache. */
const DEPTH = 256;
const COLUMNS = 126;
/** Up to this many multiplications packing costs more than it saves. */
const SMALL = 200;

const { left, right, multiplyTile } = makeTile();
/** A tile at the rim of the result, which has rows or columns to spare. */
const rim = new Float64Array(TILE_ROWS * TILE_COLUMNS);

/**
 * out[o + i·n + j] += Σₖ a(i, k)·b(k, j) for an m×k and a k×n matrix. Blocks of both are packed into panels as wide as a
 * tile, so that the inner loop reads memory in order whatever the strides. Terms are added one by one, in the order
 * of k, whatever the shape: the same product gives the same bits wherever it stands.
 */
export function gemm(
	m: number,
	n: number,
	k: number,
	a: Matrix,
	b: Matrix,
	out: Float64Array,
	o: number,
): void {
	if (m === 1 || n === 1 || m * n * k <= SMALL) {
		multiplyDirectly(m, n, k, a, b, out, o);
		return;
	}
	for (let q = 0; q < k; q += DEPTH) {
		const depth = Math.min(DEPTH, k - q);
		for (let j = 0; j < n; j += COLUMNS) {
			const columns = Math.min(COLUMNS, n - j);
			const from = b.offset + q * b.rowStride + j * b.columnStride;
			for (let c = 0; c < columns; c += TILE_COLUMNS) {
				const lines = Math.min(TILE_COLUMNS, columns - c);
				const start = from + c * b.columnStride;
				pack(
					b.storage,
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
				pack(a.storage, start, lines, a.rowStride, depth, a.columnStride, TILE_ROWS, left, 0);
				multiplyPanels(lines, columns, depth, out, o + i * n + j, n);
			}
		}
	}
}

/** The same without packing. */
function multiplyDirectly(
	m: number,
	n: number,
	k: number,
	a: Matrix,
	b: Matrix,
	out: Float64Array,
	o: number,
): void {
	const { storage: x, columnStride: dp } = a;
	const { storage: y, rowStride: dr } = b;
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
 * Copies lines (rows of a or columns of b) into a panel: first the elements of all lines at k = 0, then those at
 * k = 1, …; lines that are missing from its width are zeros.
 */
function pack(
	source: Storage,
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

/** The packed rows times all packed columns. */
function multiplyPanels(
	rows: number,
	columns: number,
	k: number,
	out: Float64Array,
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
 * The panels that are multiplied, and the loop that does it. What is constant in the one function that closes over it is
 * constant to V8, which then knows inside the loop where a panel lies and how long it is; `| 0` says that an index
 * does not overflow.
 */
function makeTile() {
	const left = new Float64Array(TILE_ROWS * DEPTH);
	const right = new Float64Array(COLUMNS * DEPTH);

	/** Adds the packed rows times the three columns packed at r to the tile at out[o]. */
	function multiplyTile(k: number, r: number, out: Float64Array, o: number, stride: number): void {
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
