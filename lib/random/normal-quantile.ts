// Both functions are made of + − × ÷ √ alone, which IEEE 754 rounds in one way only: unlike
// Math.log, whose last digit is left to the engine, they give the same bits everywhere.

/** Σ coefficients[k]·xᵏ. */
function polynomial(coefficients: readonly number[], x: number): number {
	let sum = 0;
	for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k]!;
	return sum;
}

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

// The coefficients of PPND16 in ascending order: |p − ½| ≤ 0.425, then √(−log p) ≤ 5, then beyond.
const CENTRE = [
	3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
	67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_BELOW = [
	1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
	28729.085735721943, 5226.495278852854,
];
const TAIL = [
	1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
	0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const TAIL_BELOW = [
	1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
	0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
];
const FAR = [
	6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
	0.026532189526576124, 0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
];
const FAR_BELOW = [
	1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
	0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
];

/**
 * The standard normal quantile: the z below which a share p of the distribution lies, for 0 < p <
 * 1, to a relative 1e−15 or so. (M. J. Wichura, "Algorithm AS 241: The percentage points of the
 * normal distribution", Applied Statistics 37, 1988; routine PPND16.)
 */
export function normalQuantile(p: number): number {
	const q = p - 0.5;
	if (Math.abs(q) <= 0.425) {
		const r = 0.180625 - q * q;
		return (q * polynomial(CENTRE, r)) / polynomial(CENTRE_BELOW, r);
	}
	const r = Math.sqrt(-portableLog(q < 0 ? p : 1 - p));
	const size =
		r <= 5
			? polynomial(TAIL, r - 1.6) / polynomial(TAIL_BELOW, r - 1.6)
			: polynomial(FAR, r - 5) / polynomial(FAR_BELOW, r - 5);
	return q < 0 ? -size : size;
}
