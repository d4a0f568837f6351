import type { Local } from "../../../asm/function.ts";
import { v128 } from "../../../asm/simd.ts";
import {
	type Both,
	type Code,
	type Floats,
	keepZero,
	pick,
	polynomial,
	signBits,
	twoSum,
	type Vector,
} from "./floats.ts";

// eˣ = 2ᵏ·eʳ with k the whole number nearest to x·log₂e, so that |r| ≤ ½·log 2 (J.-M. Muller,
// "Elementary Functions", 3rd ed., chapter 11). x − k·log 2 is exact enough because log 2 is split:
// k times its first part is exact (W. J. Cody and W. Waite, "Software Manual for the Elementary
// Functions", 1980).

/**
 * q with eʳ = 1 + r + r²·q(r): minimax for |r| ≤ ½·log 2, in proportion to eʳ − 1, to 2^−26 and
 * 2^−60.
 */
const Q: Both<readonly number[]> = {
	single: [0.49999997, 0.16666538, 0.041667737, 0.008367298, 0.0013839023],
	double: [
		0.5, 0.16666666666666677, 0.04166666666666669, 0.008333333333321855, 0.0013888888888884566,
		0.00019841269884379354, 2.4801587276060432e-5, 2.7557246955700697e-6, 2.755736194514868e-7,
		2.5107806365542147e-8, 2.08734675833457e-9,
	],
};

/** log 2 in two parts, the first of 16 and 32 bits. */
const LN2: Both<readonly [number, number]> = {
	single: [0.69314575, 0.0000014286068],
	double: [0.6931471806019545, -4.2009150726810846e-11],
};

/**
 * Arguments beyond these give 0, also times themselves, and ∞ like these. The least ones are those
 * for which both halves of 2ᵏ are stored as 0: processors are slow at scaling numbers down to what
 * rounds to 0, and −∞ is what masks are made of.
 */
const RANGE: Both<readonly [number, number]> = { single: [-176.1, 89], double: [-1418.2, 710] };

/**
 * A number so large that adding it rounds to a whole number, which then stands in the lowest bits.
 */
const ROUNDING: Both<number> = { single: 1.5 * 2 ** 23, double: 1.5 * 2 ** 52 };

/** x = k·log 2 + r; `rounded` is k + ROUNDING. */
interface Reduced {
	readonly k: Local<"v128">;
	readonly rounded: Local<"v128">;
	readonly r: Local<"v128">;
}

/** `rest` is a small part of the argument that did not fit into x. */
function reduce(f: Code, floats: Floats, x: Vector, rest?: Vector): Reduced {
	const whole = f.let(x);
	const shift = pick(floats, ROUNDING);
	const [high, low] = pick(floats, LN2);
	const rounded = f.let(floats.add(floats.mul(whole, Math.LOG2E), shift));
	const k = f.let(floats.sub(rounded, shift));
	const first = floats.sub(whole, floats.mul(k, high));
	const second = floats.mul(k, low);
	const r = f.let(floats.sub(first, rest === undefined ? second : floats.sub(second, rest)));
	return { k, rounded, r };
}

/** r²·q(r) */
function higherTerms(f: Code, floats: Floats, r: Local<"v128">): Vector {
	return floats.mul(floats.mul(r, r), polynomial(f, floats, r, pick(floats, Q)));
}

/** x kept inside of RANGE; NaN stays. */
function inRange(floats: Floats, x: Vector): Vector {
	const [least, greatest] = pick(floats, RANGE);
	return floats.pmin(floats.pmax(x, floats.const(least)), floats.const(greatest));
}

/** 2ᵏ for k in the lowest bits, where it is a normal number. */
function powerOfTwo(floats: Floats, k: Vector): Vector {
	return floats.bits.add(floats.bits.shl(k, floats.fraction), floats.const(1));
}

/**
 * y·2ᵏ in two steps, so that neither factor overflows and only the last step rounds where the
 * result is subnormal.
 */
function scaled(f: Code, floats: Floats, y: Vector, { k, rounded }: Reduced): Vector {
	const half = f.let(floats.add(floats.mul(k, 0.5), pick(floats, ROUNDING)));
	const otherHalf = floats.bits.sub(rounded, half);
	return floats.mul(floats.mul(y, powerOfTwo(floats, half)), powerOfTwo(floats, otherHalf));
}

/** eˣ; NaN stays, −∞ gives 0. */
export function exp(f: Code, floats: Floats, x: Vector): Vector {
	const reduced = reduce(f, floats, inRange(floats, x));
	const { r } = reduced;
	return scaled(f, floats, floats.add(floats.add(r, higherTerms(f, floats, r)), 1), reduced);
}

/**
 * 2ᵏ·`finish`(eʳ, what eʳ lost in rounding), where x + rest = k·log 2 + r for a `rest` that is
 * small beside x; rounded only once where the result is subnormal.
 */
export function scaledExp(
	f: Code,
	floats: Floats,
	x: Vector,
	rest: Vector,
	finish: (power: Local<"v128">, lost: Vector) => Vector,
): Vector {
	const reduced = reduce(f, floats, inRange(floats, x), rest);
	const { r } = reduced;
	const excess = f.let(floats.add(r, higherTerms(f, floats, r)));
	const power = f.let(floats.add(excess, 1));
	const lost = floats.add(floats.sub(1, power), excess);
	return scaled(f, floats, finish(power, lost), reduced);
}

/** eˣ − 1 = 2ᵏ·(high + low), for x that is not above RANGE. */
function expm1Parts(f: Code, floats: Floats, x: Vector) {
	// Below −50 the result is −1, and 2⁻ᵏ would be needlessly large.
	const reduced = reduce(f, floats, floats.pmax(x, floats.const(-50)));
	const { k, rounded, r } = reduced;
	const inverse = powerOfTwo(
		floats,
		floats.bits.sub(floats.const(pick(floats, ROUNDING)), rounded),
	);
	// Above k = 63 the inverse is lost beside 1 and would leave the range of the exponent.
	const counts = floats.lt(k, 63);
	const offset = f.let(floats.sub(1, v128.and(inverse, counts)));
	const { sum, error } = twoSum(f, floats, offset, r);
	return { high: sum, low: floats.add(error, higherTerms(f, floats, r)), reduced };
}

/** eˣ − 1, exact for small x. */
export function expm1(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const [, greatest] = pick(floats, RANGE);
	const { high, low, reduced } = expm1Parts(f, floats, floats.pmin(at, floats.const(greatest)));
	return keepZero(floats, at, scaled(f, floats, floats.add(high, low), reduced));
}

/** n / (1 + e) for e ≤ 1; in float64 less what rounding 1 + e has changed. */
function overOnePlus(f: Code, floats: Floats, n: Vector, e: Local<"v128">): Vector {
	if (floats.bytes === 4) return floats.div(n, floats.add(e, 1));
	const sum = f.let(floats.add(e, 1));
	const lost = floats.add(floats.sub(1, sum), e);
	const quotient = f.let(floats.div(n, sum));
	return floats.sub(quotient, floats.div(floats.mul(quotient, lost), sum));
}

/** 1 / (1 + e⁻ˣ), or e^−|x| / (1 + e^−|x|) where x is negative, so that nothing overflows. */
export function sigmoid(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const e = f.let(exp(f, floats, v128.or(at, floats.const(-0))));
	return overOnePlus(f, floats, v128.bitselect(e, floats.const(1), floats.lt(at, 0)), e);
}

/** The derivative of `sigmoid`: s·(1 − s) for s = sigmoid(−|x|), which has all its digits. */
export function sigmoidSlope(f: Code, floats: Floats, x: Vector): Vector {
	const e = f.let(exp(f, floats, v128.or(x, floats.const(-0))));
	const least = f.let(overOnePlus(f, floats, e, e));
	return floats.mul(least, floats.sub(1, least));
}

/** x·sigmoid(x), where x·e^−|x| is rounded only once if it is subnormal. */
export function silu(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const [least] = pick(floats, RANGE);
	const kept = f.let(floats.pmax(at, floats.const(least)));
	const reduced = reduce(f, floats, inRange(floats, v128.or(kept, floats.const(-0))));
	const { r } = reduced;
	const excess = f.let(floats.add(r, higherTerms(f, floats, r)));
	const e = f.let(scaled(f, floats, floats.add(excess, 1), reduced));
	const product = scaled(f, floats, floats.add(kept, floats.mul(kept, excess)), reduced);
	const numerator = v128.bitselect(product, at, floats.lt(at, 0));
	const value = overOnePlus(f, floats, numerator, e);
	// ±0 and ∞, which are twice themselves, stay what they are.
	return v128.bitselect(at, value, floats.eq(kept, floats.add(kept, kept)));
}

/** The hyperbolic tangent, −t / (2 + t) with t = e^(−2|x|) − 1, which is exact also for small x. */
export function tanh(f: Code, floats: Floats, x: Vector): Vector {
	const at = f.let(x);
	const sign = signBits(floats, at);
	const { high, low, reduced } = expm1Parts(f, floats, floats.mul(floats.abs(at), -2));
	const power = f.let(powerOfTwo(floats, reduced.rounded));
	const first = f.let(floats.mul(high, power));
	const second = f.let(floats.mul(low, power));
	const two = f.let(floats.add(first, 2));
	// 2 + t with the part of t that the sum has lost
	const rest = floats.add(floats.add(floats.sub(2, two), first), second);
	const quotient = floats.div(floats.add(first, second), floats.add(two, rest));
	return v128.or(floats.abs(quotient), sign);
}

/** 2ˣ. */
export function exp2(f: Code, floats: Floats, x: Vector): Vector {
	// Two more than the exponents of the least and of the greatest number: 0 and ∞.
	const [least, greatest] = [-floats.bias - floats.fraction - 1, floats.bias + 2];
	const kept = f.let(floats.pmin(floats.pmax(x, floats.const(least)), floats.const(greatest)));
	const rounded = f.let(floats.add(kept, pick(floats, ROUNDING)));
	const k = f.let(floats.sub(rounded, pick(floats, ROUNDING)));
	const r = f.let(floats.mul(floats.sub(kept, k), Math.LN2));
	const power = floats.add(floats.add(r, higherTerms(f, floats, r)), 1);
	return scaled(f, floats, power, { k, rounded, r });
}
