import { CENTRE, FAR_OUT, TAIL } from "../scalar/normal-quantile.ts";

// Both functions are made of + − × ÷ √ alone, which IEEE 754 rounds in one way only: unlike
// Math.log, whose last digit is left to the engine, they give the same bits everywhere.

/** Σ coefficients[k]·xᵏ. */
function polynomial(coefficients: readonly number[], x: number): number {
	let sum = 0;
	for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k]!;
	return sum;
}

/** factor · above(x) / below(x) */
const ratio = (factor: number, [above, below]: readonly (readonly number[])[], x: number) =>
	(factor * polynomial(above!, x)) / polynomial(below!, x);

const bits = new DataView(new ArrayBuffer(8));

/** The series of artanh(s) / s in s², as far as it counts for s² ≤ 0.0295. */
const ARTANH = Array.from({ length: 11 }, (_, k) => 1 / (2 * k + 1));

/** The natural logarithm of a normal positive number, to a relative 5e−16. */
export function portableLog(x: number): number {
	bits.setFloat64(0, x);
	const high = bits.getUint32(0);
	let exponent = (high >>> 20) - 1023;
	bits.setUint32(0, (high & 0x000fffff) | (1023 << 20));
	let m = bits.getFloat64(0);
	// x = m · 2^exponent with m from √½ to √2, so that a number near 1 keeps its digits.
	if (m > Math.SQRT2) {
		m /= 2;
		exponent++;
	}
	// log m = 2·artanh(s) = 2s·(1 + s²/3 + s⁴/5 + …).
	const s = (m - 1) / (m + 1);
	return exponent * Math.LN2 + 2 * s * polynomial(ARTANH, s * s);
}

/**
 * The standard normal quantile: the z below which a share p of the distribution lies, for 0 < p <
 * 1, to a relative 1e−15 or so. (M. J. Wichura, "Algorithm AS 241: The percentage points of the
 * normal distribution", Applied Statistics 37, 1988; routine PPND16.)
 */
export function normalQuantile(p: number): number {
	const q = p - 0.5;
	if (Math.abs(q) <= 0.425) return ratio(q, CENTRE, 0.180625 - q * q);
	const r = Math.sqrt(-portableLog(q < 0 ? p : 1 - p));
	const size = r <= 5 ? ratio(1, TAIL, r - 1.6) : ratio(1, FAR_OUT, r - 5);
	return q < 0 ? -size : size;
}
