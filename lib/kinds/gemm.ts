import type { Storage } from "../dtype.ts";

/** A matrix in storage: element (i, j) lies at offset + i·rowStride + j·columnStride. */
export interface Matrix {
	readonly storage: Storage;
	readonly offset: number;
	readonly rowStride: number;
	readonly columnStride: number;
}

/** Rows and columns of the result that are computed together, in local variables. */
const TILE = 4;

/**
 * out[o + i·n + j] = Σₖ a(i, k)·b(k, j) for an m×k and a k×n matrix. Both are packed into panels as wide as a tile
 * (padded with zeros), so that the inner loop reads memory in order whatever the strides. Each element is summed in
 * the order of k, in float64, whatever the shape: the same product gives the same bits wherever it stands.
 */
export function gemm(
	m: number,
	n: number,
	k: number,
	a: Matrix,
	b: Matrix,
	out: Storage,
	o: number,
): void {
	const left = packPanels(a.storage, a.offset, m, a.rowStride, k, a.columnStride);
	const right = packPanels(b.storage, b.offset, n, b.columnStride, k, b.rowStride);
	const tile = new Float64Array(TILE * TILE);
	for (let j = 0; j < n; j += TILE) {
		const columns = Math.min(TILE, n - j);
		for (let i = 0; i < m; i += TILE) {
			const rows = Math.min(TILE, m - i);
			multiplyTile(k, left, i * k, right, j * k, tile);
			for (let r = 0; r < rows; r++) {
				const at = o + (i + r) * n + j;
				for (let c = 0; c < columns; c++) out[at + c] = tile[TILE * r + c]!;
			}
		}
	}
}

/** Panel p holds lines 4p to 4p + 3, element by element: first the four at k = 0, then those at k = 1, …. */
function packPanels(
	source: Storage,
	offset: number,
	lines: number,
	lineStride: number,
	k: number,
	kStride: number,
): Float64Array {
	const out = new Float64Array(Math.ceil(lines / TILE) * TILE * k);
	for (let line = 0; line < lines; line++) {
		let to = (line - (line % TILE)) * k + (line % TILE);
		let from = offset + line * lineStride;
		for (let q = 0; q < k; q++, to += TILE, from += kStride) out[to] = source[from]!;
	}
	return out;
}

function multiplyTile(
	k: number,
	left: Float64Array,
	l: number,
	right: Float64Array,
	r: number,
	out: Float64Array,
): void {
	let c00 = 0,
		c01 = 0,
		c02 = 0,
		c03 = 0;
	let c10 = 0,
		c11 = 0,
		c12 = 0,
		c13 = 0;
	let c20 = 0,
		c21 = 0,
		c22 = 0,
		c23 = 0;
	let c30 = 0,
		c31 = 0,
		c32 = 0,
		c33 = 0;
	for (let q = 0; q < k; q++) {
		const a = l + TILE * q;
		const b = r + TILE * q;
		const a0 = left[a]!,
			a1 = left[a + 1]!,
			a2 = left[a + 2]!,
			a3 = left[a + 3]!;
		const b0 = right[b]!,
			b1 = right[b + 1]!,
			b2 = right[b + 2]!,
			b3 = right[b + 3]!;
		c00 += a0 * b0;
		c01 += a0 * b1;
		c02 += a0 * b2;
		c03 += a0 * b3;
		c10 += a1 * b0;
		c11 += a1 * b1;
		c12 += a1 * b2;
		c13 += a1 * b3;
		c20 += a2 * b0;
		c21 += a2 * b1;
		c22 += a2 * b2;
		c23 += a2 * b3;
		c30 += a3 * b0;
		c31 += a3 * b1;
		c32 += a3 * b2;
		c33 += a3 * b3;
	}
	out[0] = c00;
	out[1] = c01;
	out[2] = c02;
	out[3] = c03;
	out[4] = c10;
	out[5] = c11;
	out[6] = c12;
	out[7] = c13;
	out[8] = c20;
	out[9] = c21;
	out[10] = c22;
	out[11] = c23;
	out[12] = c30;
	out[13] = c31;
	out[14] = c32;
	out[15] = c33;
}
