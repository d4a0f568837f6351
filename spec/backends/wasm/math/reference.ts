// The functions to hundreds of bits: fixed-point numbers X stand for X / 2ᴾ. Plain series; nothing
// here is fast.

/** x·2ᴾ, cut off below. */
export function fixed(x: number, p: number): bigint {
	const bits = new BigUint64Array(Float64Array.of(x).buffer)[0]!;
	const exponent = Number((bits >> 52n) & 0x7ffn);
	const fraction = bits & 0xfffffffffffffn;
	const whole = exponent === 0 ? fraction : fraction | (1n << 52n);
	const size = shifted(whole, p + Math.max(exponent, 1) - 1075);
	return bits >> 63n === 1n ? -size : size;
}

/** x·2ˢ */
function shifted(x: bigint, s: number): bigint {
	return s >= 0 ? x << BigInt(s) : x >> BigInt(-s);
}

/** An approximation as a plain number. */
function approximate(x: bigint, p: number): number {
	const excess = Math.max(0, (x < 0n ? -x : x).toString(16).length * 4 - 80);
	const scale = excess - p;
	const half = Math.trunc(scale / 2);
	return Number(x >> BigInt(excess)) * 2 ** half * 2 ** (scale - half);
}

/** Σ termₖ until the terms vanish; each is made from the one before it. */
function series(first: bigint, next: (term: bigint, k: number) => bigint): bigint {
	let sum = first;
	let term = first;
	for (let k = 1; ; k++) {
		term = next(term, k);
		if (term === 0n || term === -1n) return sum;
		sum += term;
	}
}

/** Each constant once for each precision. */
function cached(compute: (p: number) => bigint): (p: number) => bigint {
	const known = new Map<number, bigint>();
	return (p) => {
		const value = known.get(p) ?? compute(p);
		known.set(p, value);
		return value;
	};
}

/** arctan(1/n) */
function arctanOfInverse(n: bigint, p: number): bigint {
	const power = series((1n << BigInt(p)) / n, () => 0n);
	let sum = power;
	let term = power;
	for (let k = 3n; term !== 0n; k += 2n) {
		term /= n * n;
		sum += k % 4n === 3n ? -term / k : term / k;
	}
	return sum;
}

/** π, by J. Machin's formula. */
const pi = cached((p) => {
	const q = p + 20;
	return (16n * arctanOfInverse(5n, q) - 4n * arctanOfInverse(239n, q)) >> 20n;
});

/** log 2 = Σ 1 / (k·2ᵏ) */
const ln2 = cached((p) => {
	const one = 1n << BigInt(p + 20);
	let sum = 0n;
	for (let k = 1n; one >> k !== 0n; k++) sum += (one >> k) / k;
	return sum >> 20n;
});

/** eˣ */
export function exp(x: bigint, p: number): bigint {
	const guard = 40;
	const q = p + guard;
	const wide = x << BigInt(guard);
	const log2 = ln2(q);
	const k = wide / log2;
	const r = (wide - k * log2) >> 10n;
	let power = series(1n << BigInt(q), (term, n) => ((term * r) >> BigInt(q)) / BigInt(n));
	for (let i = 0; i < 10; i++) power = (power * power) >> BigInt(q);
	return shifted(power, Number(k) - guard);
}

/** log(1 + t), by a step of Halley's from double precision, which triples the digits. */
export function log1p(t: bigint, p: number): bigint {
	const start = fixed(Math.log1p(approximate(t, p)), p);
	const [u, e] = [(1n << BigInt(p)) + t, exp(start, p)];
	return start + ((2n * (u - e)) << BigInt(p)) / (u + e);
}

/** The natural logarithm. */
export function log(x: number, p: number): bigint {
	const k = Math.round(Math.log2(x));
	const m = x * 2 ** -Math.trunc(k / 2) * 2 ** -(k - Math.trunc(k / 2));
	return log1p(fixed(m, p) - (1n << BigInt(p)), p) + BigInt(k) * ln2(p);
}

/** sin(x + turns·π/2) */
export function sine(x: bigint, turns: bigint, p: number): bigint {
	const half = pi(p) >> 1n;
	const k = x / half;
	const r = x - k * half;
	const square = (r * r) >> BigInt(p);
	const quadrant = (((k + turns) % 4n) + 4n) % 4n;
	const step = (odd: number) => (term: bigint, n: number) =>
		-(((term * square) >> BigInt(p)) / BigInt((2 * n - 1 + odd) * (2 * n + odd)));
	const value = quadrant % 2n === 0n ? series(r, step(1)) : series(1n << BigInt(p), step(0));
	return quadrant < 2n ? value : -value;
}

/** The square root, by Newton's method. */
function root(x: bigint): bigint {
	let y = 1n << BigInt(Math.ceil(x.toString(2).length / 2) + 1);
	for (;;) {
		const next = (y + x / y) >> 1n;
		if (next >= y) return y;
		y = next;
	}
}

/** erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ·x²ⁿ⁺¹ / (1·3·…·(2n + 1)), which has no cancellation. */
export function erf(x: bigint, p: number): bigint {
	const square = (x * x) >> BigInt(p);
	const sum = series(x, (term, n) => ((2n * term * square) >> BigInt(p)) / BigInt(2 * n + 1));
	const factor = (2n << BigInt(2 * p)) / root(pi(p) << BigInt(p));
	return (((exp(-square, p) * sum) >> BigInt(p)) * factor) >> BigInt(p);
}

/** x / y */
export function quotient(x: bigint, y: bigint, p: number): bigint {
	return (x << BigInt(p)) / y;
}

/** How many units in the last place of a float64 a number is from the truth. */
export function distance(actual: number, truth: bigint, p: number): number {
	const size = truth < 0n ? -truth : truth;
	const exponent = Math.max(size.toString(2).length - 1 - p - 52, -1074);
	const units = shifted(fixed(actual, p) - truth, 20 - p - exponent);
	return Math.abs(Number(units)) / 2 ** 20;
}

/** √2 */
export function squareRootOf2(p: number): bigint {
	return root(2n << BigInt(2 * p));
}
