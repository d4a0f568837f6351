import type { TypedArray } from "../core/dtype.ts";
import { generated } from "./generated.ts";

/**
 * out[(e·m + i)·n + j] = 0 + x[xo + e·xe + i·xs]·y[yo + e·ye + j·ys] for e, i and j below `count`,
 * m and n: the products of pairs of vectors, one after the other. A sum of one term that starts
 * from 0 has no −0.
 */
export type OuterProducts = (
	count: number,
	m: number,
	n: number,
	x: TypedArray,
	xo: number,
	xe: number,
	xs: number,
	y: TypedArray,
	yo: number,
	ye: number,
	ys: number,
	out: TypedArray,
) => void;

// The result is written and not read: memory that is new costs a page fault for a read and one more
// for the write that follows. Four rows share what is read of y.
const source = `return function outerProducts(count, m, n, x, xo, xe, xs, y, yo, ye, ys, out) {
	for (let e = 0, o = 0; e < count; e++, xo += xe, yo += ye) {
		let i = 0;
		for (let p = xo; i + 4 <= m; i += 4, p += 4 * xs, o += 4 * n) {
			const v0 = x[p], v1 = x[p + xs], v2 = x[p + 2 * xs], v3 = x[p + 3 * xs];
			let a0 = o, a1 = a0 + n, a2 = a1 + n, a3 = a2 + n;
			for (let j = 0, r = yo; j < n; j++, r = (r + ys) | 0) {
				const b = y[r];
				out[a0] = v0 * b + 0;
				out[a1] = v1 * b + 0;
				out[a2] = v2 * b + 0;
				out[a3] = v3 * b + 0;
				a0 = (a0 + 1) | 0;
				a1 = (a1 + 1) | 0;
				a2 = (a2 + 1) | 0;
				a3 = (a3 + 1) | 0;
			}
		}
		for (; i < m; i++) {
			const v = x[xo + i * xs];
			for (let j = 0, r = yo; j < n; j++, o++, r += ys) out[o] = v * y[r] + 0;
		}
	}
}`;

/** The same for all kinds of arrays: it asks for the kind at each element. */
const shared: OuterProducts = (count, m, n, x, xo, xe, xs, y, yo, ye, ys, out) => {
	for (let e = 0, o = 0; e < count; e++) {
		for (let i = 0; i < m; i++) {
			const v = x[xo + e * xe + i * xs]!;
			for (let j = 0; j < n; j++) out[o++] = v * y[yo + e * ye + j * ys]! + 0;
		}
	}
};

const made: OuterProducts[] = [];

/** The loop for such kinds of arrays, generated for them. */
export function outerProductsFor(x: TypedArray, y: TypedArray, out: TypedArray): OuterProducts {
	const code = 16 * kindOf(x) + 4 * kindOf(y) + kindOf(out);
	made[code] ??= generated([], source, () => shared);
	return made[code]!;
}

function kindOf(array: TypedArray): number {
	if (array instanceof Float64Array) return 0;
	if (array instanceof Float32Array) return 1;
	return array instanceof Int32Array ? 2 : 3;
}
