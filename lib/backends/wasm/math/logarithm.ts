import type { Local } from "../../../asm/function.ts";
import { v128 } from "../../../asm/simd.ts";
import { exp } from "./exponential.ts";
import {
	type Both,
	type Code,
	type Floats,
	keepZero,
	pick,
	polynomial,
	twoSum,
	type Vector,
} from "./floats.ts";

// x = 2ᵏ·m with √½ ≤ m < √2, and log m = log(1 + h) from s = h / (2 + h): log(1 + h) = h − ½h² +
// s·(½h² + R(s²)). The form is that of fdlibm (Sun Microsystems, 1993); the coefficients are fitted
// for this file.

/** R(z) / z, minimax for |s| ≤ (√2 − 1) / (√2 + 1), to 2^−30 and 2^−59 of the logarithm. */
const R: Both<readonly number[]> = {
	single: [0.66666776, 0.39977527, 0.29873323],
	double: [
		0.6666666666666736, 0.39999999999400837, 0.2857142874579787, 0.22222198192341044,
		0.18183585608201147, 0.15313470224716308, 0.148020966381545,
	],
};

/**
 * A constant in two parts, of which the first has so few bits that k, or a head of 12 or 21 bits,
 * times it is exact.
 */
type Split = Both<readonly [high: number, low: number]>;

const LN2: Split = {
	single: [0.69314575, 0.0000014286068],
	double: [0.6931471806019545, -4.2009150726810846e-11],
};
const LOG2E: Split = {
	single: [1.4428711, -0.00017605285],
	double: [1.4426946640014648, 3.768874985636099e-7],
};
const LOG10E: Split = {
	single: [0.43432617, -0.00003168997],
	double: [0.4342944622039795, 1.9699272335463627e-8],
};
const LOG10_2: Split = {
	single: [0.3010254, 0.000004605039],
	double: [0.30102992057800293, 7.508597826552624e-8],
};

/** x = 2ᵏ·(1 + h) for positive finite x. */
interface Decomposed {
	readonly k: Local<"v128">;
	readonly h: Local<"v128">;
}

function decompose(f: Code, floats: Floats, x: Local<"v128">): Decomposed {
	const { bits, fraction, bias } = floats;
	// Subnormal numbers are scaled up first.
	const up = fraction + 2;
	const subnormal = f.let(floats.lt(x, floats.leastNormal));
	const normal = v128.bitselect(floats.mul(x, 2 ** up), x, subnormal);
	const least = floats.pattern(Math.SQRT1_2);
	// √½ becomes 1, so that the exponent counts from √½ on.
	const moved = f.let(bits.add(normal, bits.const(floats.pattern(1) - least)));
	// The exponent as a float: it is put into the lowest bits of 2^fraction, which is taken off
	// again.
	const counted = v128.or(bits.shrU(moved, fraction), floats.const(2 ** fraction));
	const correction = v128.and(subnormal, floats.const(up));
	const k = f.let(floats.sub(floats.sub(counted, 2 ** fraction + bias), correction));
	const fractionBits = v128.and(moved, bits.const((1n << BigInt(fraction)) - 1n));
	const h = f.let(floats.sub(bits.add(fractionBits, bits.const(least)), 1));
	return { k, h };
}

/** ½h² and s·(½h² + R), of which log(1 + h) = h − ½h² + s·(½h² + R) is made. */
function seriesParts(f: Code, floats: Floats, h: Local<"v128">) {
	const s = f.let(floats.div(h, floats.add(h, 2)));
	const z = f.let(floats.mul(s, s));
	const halfSquare = f.let(floats.mul(floats.mul(h, h), 0.5));
	const rest = floats.mul(z, polynomial(f, floats, z, pick(floats, R)));
	return { halfSquare, tail: floats.mul(s, floats.add(halfSquare, rest)) };
}

/**
 * `value` where x is positive and finite; elsewhere the logarithm is ∞ at ∞, −∞ at 0 and NaN below
 * and at NaN.
 */
function withLimits(floats: Floats, x: Local<"v128">, value: Vector): Vector {
	const atZero = floats.const(Number.NEGATIVE_INFINITY);
	const outside = v128.bitselect(atZero, floats.const(Number.NaN), floats.eq(x, 0));
	const inside = v128.bitselect(value, outside, floats.gt(x, 0));
	return v128.bitselect(x, inside, floats.eq(x, Number.POSITIVE_INFINITY));
}

/** k·log 2 + log(1 + h) + rest */
function fromParts(f: Code, floats: Floats, { k, h }: Decomposed, rest?: Vector): Vector {
	const { halfSquare, tail } = seriesParts(f, floats, h);
	const [high, low] = pick(floats, LN2);
	const small = rest === undefined ? floats.mul(k, low) : floats.add(floats.mul(k, low), rest);
	const correction = floats.sub(floats.add(tail, small), halfSquare);
	return floats.add(floats.add(correction, h), floats.mul(k, high));
}

/** The natural logarithm. */
export function log(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	return withLimits(floats, at, fromParts(f, floats, decompose(f, floats, at)));
}

/** log(1 + x), exact for small x: what is lost in 1 + x is put back as a share of it. */
export function log1p(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const { sum, error } = twoSum(f, floats, f.let(floats.const(1)), at);
	const value = fromParts(f, floats, decompose(f, floats, sum), floats.div(error, sum));
	return keepZero(floats, at, withLimits(floats, sum, value));
}

/** log(1 + h) to another base, from that base's log e and log 2 in two parts. */
function toBase(f: Code, floats: Floats, x: Vector, logE: Split, log2: Split): Vector {
	const at = f.let(x);
	const { k, h } = decompose(f, floats, at);
	const { halfSquare, tail } = seriesParts(f, floats, h);
	// h − ½h² with a head of few bits, whose product with the first part of log e is exact.
	const top = bitsOfHead(floats);
	const head = f.let(v128.and(floats.sub(h, halfSquare), top));
	const rest = f.let(floats.add(floats.sub(floats.sub(h, head), halfSquare), tail));
	const [eHigh, eLow] = pick(floats, logE);
	const [twoHigh, twoLow] = pick(floats, log2);
	const whole = f.let(floats.mul(k, twoHigh));
	const part = f.let(floats.mul(head, eHigh));
	const { sum, error } = twoSum(f, floats, whole, part);
	const small = floats.add(
		floats.add(floats.mul(floats.add(head, rest), eLow), floats.mul(rest, eHigh)),
		floats.mul(k, twoLow),
	);
	return withLimits(floats, at, floats.add(sum, floats.add(error, small)));
}

/** The bits of a lane without the lower half of the fraction. */
function bitsOfHead(floats: Floats): Vector {
	return floats.bits.const(
		-(1n << BigInt(Math.ceil((floats.fraction + 1) / 2) + (floats.bytes === 8 ? 5 : 0))),
	);
}

/** The logarithm to base 2, exact at powers of 2. */
export function log2(f: Code, floats: Floats, x: Vector): Vector {
	return toBase(f, floats, x, LOG2E, { single: [1, 0], double: [1, 0] });
}

/** The logarithm to base 10. */
export function log10(f: Code, floats: Floats, x: Vector): Vector {
	return toBase(f, floats, x, LOG10E, LOG10_2);
}

/** log(1 + eˣ), without overflow. */
export function softplus(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const e = exp(f, floats, v128.or(at, floats.const(-0)));
	return floats.add(floats.pmax(at, floats.const(0)), log1p(f, floats, e));
}

/** log(eˣ + eʸ), without overflow. */
export function logAddExp(f: Code, floats: Floats, x: Local<"v128">, y: Local<"v128">): Vector {
	const distance = floats.abs(floats.sub(x, y));
	const far = floats.add(floats.max(x, y), log1p(f, floats, exp(f, floats, floats.neg(distance))));
	// Equal arguments by themselves, because ∞ − ∞ is NaN.
	return v128.bitselect(floats.add(x, Math.LN2), far, floats.eq(x, y));
}
