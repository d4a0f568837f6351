import { abs, add, div, equal, less, max, min, mul, neg, select, sub } from "./primitives.ts";
import type { Scalar } from "./scalar.ts";
import { polynomial, powerOf2 } from "./short.ts";

// Functions of float32 as formulas of which every step is rounded to float32, so that a vector
// holds four numbers. The results are off by 2 units in the last place at most.

/** q with eʳ = 1 + r + r²·q(r): minimax for |r| ≤ ½·log 2, in proportion to eʳ − 1, to 2^−26. */
const Q = [0.49999997, 0.16666538, 0.041667737, 0.008367298, 0.0013839023];

/** log 2 in two parts: the first one times a whole number below 2⁸ is exact. */
const LN2 = [0.69314575, 0.0000014286068] as const;

/** A number so large that adding it rounds to a whole number. */
const ROUNDING = 1.5 * 2 ** 23;
const whole = (x: Scalar): Scalar => sub(add(x, ROUNDING), ROUNDING);

/** 2ᵏ for a whole number k from −126 to 127; anything below for less. */
const powerOf = (k: Scalar): Scalar => {
	return { kind: "call", type: "number", of: powerOf2, args: [k] };
};

/** k and eʳ − 1, where x + rest = k·log 2 + r. */
function reduced(x: Scalar, rest?: Scalar) {
	const k = whole(mul(x, Math.LOG2E));
	const low = mul(k, LN2[1]);
	const r = sub(sub(x, mul(k, LN2[0])), rest === undefined ? low : sub(low, rest));
	return { k, excess: add(r, mul(mul(r, r), polynomial(r, Q))) };
}

/**
 * eˣ for x + rest. Kept so, 2ᵏ comes to 0 or ∞ beyond what float32 holds, in two steps, of which
 * the last one alone rounds where the result is subnormal.
 */
function power(x: Scalar, rest?: Scalar): Scalar {
	const { k, excess } = reduced(min(max(x, -176), 89), rest);
	const half = whole(mul(k, 0.5));
	return mul(mul(add(1, excess), powerOf(half)), powerOf(sub(k, half)));
}

/** eˣ. */
export const singleExp = (x: Scalar): Scalar => power(x);

/** eˣ⁻ʸ, where the difference may be more than float32 holds (D. E. Knuth's sum of two). */
export const singleExpOfDifference = (x: Scalar, y: Scalar): Scalar => {
	const difference = sub(x, y);
	const back = sub(difference, x);
	const rest = sub(sub(x, sub(difference, back)), add(y, back));
	// Of an infinity nothing is lost.
	return power(difference, select(equal(abs(difference), Infinity), 0, rest));
};

/**
 * |tanh x| = |t / (t + 2)| with t = e²ˣ − 1; where |x| is beyond 10 the result is rounded to 1. Of
 * small numbers the negative one is taken: t + 2 is then below 2, and rounding loses half as much.
 */
export const singleTanh = (x: Scalar): Scalar => {
	const twice = min(abs(mul(x, 2)), 20);
	const { k, excess } = reduced(select(less(twice, 0.35), neg(twice), twice));
	const scale = powerOf(k);
	const t = add(mul(scale, excess), sub(scale, 1));
	const size = abs(div(t, add(t, 2)));
	return select(equal(x, 0), x, select(less(x, 0), neg(size), size));
};

/** 1 / (1 + e⁻ˣ), or eˣ / (1 + eˣ) where x is negative, so that nothing overflows. */
export const singleSigmoid = (x: Scalar): Scalar => {
	const e = power(neg(abs(x)));
	return div(select(less(x, 0), e, 1), add(1, e));
};
