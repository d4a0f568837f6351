import {
	abs,
	add,
	approximate,
	type Big,
	big,
	bitsNow,
	compare,
	div,
	floor,
	fromFixed,
	mul,
	neg,
	ONE,
	rankOf,
	scaled,
	sign,
	sqrt,
	sub,
	toFixed,
	whole,
	withBits,
	ZERO,
} from "./big-float.ts";

// Functions of numbers of any precision, each right to nearly all bits, relative to its value.

/** Σ termₖ in fixed point until the terms vanish; each is made from the one before it. */
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

/** arctan(1/n) in fixed point */
function arctanOfInverse(n: bigint, p: number): bigint {
	let power = (1n << BigInt(p)) / n;
	return series(power, (_, k) => {
		power /= n * n;
		return (k % 2 === 1 ? -power : power) / BigInt(2 * k + 1);
	});
}

/** π, by J. Machin's formula. */
const fixedPi = cached(
	(p) => (16n * arctanOfInverse(5n, p + 20) - 4n * arctanOfInverse(239n, p + 20)) >> 20n,
);

/** log 2 = Σ 1 / (k·2ᵏ) */
const fixedLn2 = cached((p) => {
	const one = 1n << BigInt(p + 20);
	let sum = 0n;
	for (let k = 1n; one >> k !== 0n; k++) sum += (one >> k) / k;
	return sum >> 20n;
});

export const pi = (): Big => fromFixed(fixedPi(bitsNow() + 20), bitsNow() + 20);
export const ln2 = (): Big => fromFixed(fixedLn2(bitsNow() + 20), bitsNow() + 20);

const logOf10 = cached((p) => withBits(p + 20, () => toFixed(log(big(10)), p)));
export const ln10 = (): Big => fromFixed(logOf10(bitsNow() + 20), bitsNow() + 20);

/** How many bits stand before the point. */
const bitsBefore = (x: Big): number => Math.max(0, Number(rankOf(x)) + 1);

/** eˣ = 2ᵏ·eʳ */
export function exp(x: Big): Big {
	if (x.mantissa === 0n) return ONE;
	const p = bitsNow() + 40;
	const long = p + bitsBefore(x);
	const log2 = fixedLn2(long);
	const at = toFixed(x, long);
	const k = at / log2;
	const r = (at - k * log2) >> BigInt(long - p + 12);
	let power = series(1n << BigInt(p), (term, n) => ((term * r) >> BigInt(p)) / BigInt(n));
	for (let i = 0; i < 12; i++) power = (power * power) >> BigInt(p);
	const out = fromFixed(power, p);
	return { ...out, exponent: out.exponent + k };
}

/** eˣ − 1 */
export function expm1(x: Big): Big {
	if (x.mantissa === 0n) return ZERO;
	if (rankOf(x) >= -8n)
		return sub(
			withBits(bitsNow() + 10, () => exp(x)),
			ONE,
		);
	// x·(1 + x/2! + x²/3! + …)
	const p = bitsNow() + 10;
	const at = toFixed(x, p);
	const sum = series(1n << BigInt(p), (term, n) => ((term * at) >> BigInt(p)) / BigInt(n + 1));
	return mul(x, fromFixed(sum, p));
}

/** log(1 + t) */
export function log1p(t: Big): Big {
	if (t.mantissa === 0n) return ZERO;
	if (rankOf(t) >= -2n) return log(withBits(2 * bitsNow() + 2200, () => add(ONE, t)));
	return logNearOne(t);
}

/** 2·artanh(u) with u = t / (2 + t): 2u·(1 + u²/3 + u⁴/5 + …) */
function logNearOne(t: Big): Big {
	const u = div(t, add(scaled(ONE, 1), t));
	const p = bitsNow() + 10;
	const square = toFixed(mul(u, u), p);
	let power = 1n << BigInt(p);
	const sum = series(power, (_, k) => {
		power = (power * square) >> BigInt(p);
		return power / BigInt(2 * k + 1);
	});
	return mul(scaled(u, 1), fromFixed(sum, p));
}

/** The natural logarithm. */
export function log(x: Big): Big {
	if (sign(x) <= 0) throw new RangeError("logarithm of a number that is not positive");
	// x = m·2ᵏ with m from 0.7 to 1.4
	const rank = rankOf(x);
	const start = approximate({ ...x, exponent: x.exponent - rank });
	const k = start > 1.4 ? rank + 1n : rank;
	const m = { ...x, exponent: x.exponent - k };
	const t = withBits(2 * bitsNow() + 2200, () => sub(m, ONE));
	const near = t.mantissa === 0n ? ZERO : logNearOne(t);
	if (k === 0n) return near;
	const wide = bitsNow() + k.toString(2).length + 10;
	return add(
		withBits(wide, () => mul(whole(k), ln2())),
		near,
	);
}

/** x·(1 ± x²·c₁ ± x⁴·c₂ …), each term made from the one before it by a factor of x² */
function oddSeries(x: Big, next: (power: bigint, k: number) => bigint): Big {
	const p = bitsNow() + 10;
	const square = toFixed(mul(x, x), p);
	const step = (term: bigint, k: number) => next((term * square) >> BigInt(p), k);
	return mul(x, fromFixed(series(1n << BigInt(p), step), p));
}

/** The arc tangent. */
export function atan(x: Big): Big {
	if (x.mantissa === 0n) return ZERO;
	if (sign(x) < 0) return neg(atan(neg(x)));
	if (compare(x, ONE) > 0) return sub(scaled(pi(), -1), atan(div(ONE, x)));
	if (rankOf(x) >= -4n) {
		return scaled(atan(div(x, add(ONE, sqrt(add(ONE, mul(x, x)))))), 1);
	}
	// The terms without their divisors, each from the one before it.
	return oddSeries(x, (power, k) => (-power * BigInt(2 * k - 1)) / BigInt(2 * k + 1));
}

/** sin(x + turns·π/2) */
export function sine(x: Big, turns = 0): Big {
	if (x.mantissa === 0n && turns === 0) return ZERO;
	const { r, quadrant } = withBits(2 * bitsNow() + 2 * bitsBefore(x) + 200, () => {
		const half = scaled(pi(), -1);
		const k = floor(add(div(x, half), big(0.5)));
		return { r: sub(x, mul(whole(k), half)), quadrant: Number(((k % 4n) + 4n) % 4n) + turns };
	});
	const [size, p] = [bitsNow(), bitsNow() + 10];
	const square = toFixed(mul(r, r), p);
	const even = () =>
		fromFixed(
			series(
				1n << BigInt(p),
				(term, n) => -((term * square) >> BigInt(p)) / BigInt((2 * n - 1) * 2 * n),
			),
			p,
		);
	const odd = () =>
		withBits(size, () => oddSeries(r, (power, n) => -power / BigInt(2 * n * (2 * n + 1))));
	const value = quadrant % 2 === 0 ? odd() : even();
	return quadrant % 4 < 2 ? value : neg(value);
}

const twoOverRootPi = (): Big => div(scaled(ONE, 1), sqrt(pi()));

/** erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ·x²ⁿ⁺¹ / (1·3·…·(2n + 1)) */
export function erf(x: Big): Big {
	if (x.mantissa === 0n) return ZERO;
	if (sign(x) < 0) return neg(erf(neg(x)));
	if (approximate(x) > 16) return sub(ONE, erfc(x));
	const p = bitsNow() + 10;
	const square = toFixed(mul(x, x), p);
	const step = (term: bigint, n: number) => ((2n * term * square) >> BigInt(p)) / BigInt(2 * n + 1);
	const sum = fromFixed(series(1n << BigInt(p), step), p);
	return mul(mul(x, sum), mul(twoOverRootPi(), expMinusSquare(x)));
}

/** e^(−x²) */
export const expMinusSquare = (x: Big): Big =>
	exp(neg(withBits(2 * bitsNow() + 120, () => mul(x, x))));

/** 1 − erf(x) */
export function erfc(x: Big): Big {
	const at = approximate(x);
	if (at < 16) {
		const more = at > 0 ? Math.ceil(at * at * Math.LOG2E) + 20 : 10;
		return withBits(bitsNow() + more, () => sub(ONE, erf(x)));
	}
	// e^(−x²) / (x·√π) · (1 − 1/(2x²) + 1·3/(2x²)² − …), whose terms shrink to 2^−369 and less.
	const p = Math.min(bitsNow() + 10, 360);
	const half = toFixed(div(big(0.5), mul(x, x)), p);
	const step = (term: bigint, n: number) => -((term * half * BigInt(2 * n - 1)) >> BigInt(p));
	const sum = fromFixed(series(1n << BigInt(p), step), p);
	return div(mul(mul(expMinusSquare(x), sum), scaled(twoOverRootPi(), -1)), abs(x));
}
