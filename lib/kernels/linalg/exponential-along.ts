import { matrixExponential } from "./matrix-exponential.ts";

/**
 * The derivative of exp A along n×n matrices, of as high an order as there are; exp A for none.
 * With ε₁, ε₂, … that square to 0, it is what stands with ε₁·ε₂·… in exp(A + ε₁·H₁ + ε₂·H₂ + …),
 * and such numbers are blocks above the diagonal: exp of [A H; 0 A] has exp A along H at the upper
 * right.
 */
export function exponentialAlong(
	a: Float64Array,
	n: number,
	along: readonly Float64Array[],
): Float64Array {
	const count = 2 ** along.length;
	const wide = count * n;
	const blocks = new Float64Array(wide * wide);
	const put = (x: Float64Array, row: number, column: number, factor: number) => {
		for (let i = 0; i < n; i++) {
			for (let j = 0; j < n; j++) {
				blocks[(row * n + i) * wide + column * n + j] = factor * x[i * n + j]!;
			}
		}
	};
	// As all of the size of A, lest a great direction makes its powers great.
	const size = sizeOf(a) || 1;
	const factors = along.map((h) => 2 ** Math.round(Math.log2(size / (sizeOf(h) || size))));
	for (let row = 0; row < count; row++) {
		put(a, row, row, 1);
		for (const [k, h] of along.entries()) {
			if (((row >> k) & 1) === 0) put(h, row, row | (1 << k), factors[k]!);
		}
	}
	const all = matrixExponential(blocks, wide);
	const scale = factors.reduce((x, y) => x * y, 1);
	const start = (count - 1) * n;
	return Float64Array.from({ length: n * n }, (_, at) => {
		return all[Math.floor(at / n) * wide + start + (at % n)]! / scale;
	});
}

/** The greatest size of an element. */
function sizeOf(a: Float64Array): number {
	return a.reduce((size, x) => Math.max(size, Math.abs(x)), 0);
}
