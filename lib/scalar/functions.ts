import { defined } from "./function.ts";
import { exp, log, log1p, pow, remainder } from "./library.ts";
import {
	abs,
	add,
	and,
	ceil,
	div,
	equal,
	floor,
	greaterEqual,
	less,
	max,
	mul,
	neg,
	or,
	select,
	sub,
	xor,
} from "./primitives.ts";
import type { One, Two } from "./scalar.ts";
import { shortSigmoid } from "./short.ts";
import { singleSigmoid } from "./single.ts";

// Functions that `Math` lacks, by their formulas.

export { bell, erf, erfc, gelu, normalCumulative, normalDensity } from "./error-function.ts";
export { digamma, lgamma } from "./gamma.ts";
export { logNormalCumulative, normalHazard } from "./normal-quantile.ts";

/** 2ˣ. */
export const exp2 = defined<One>("exp2", (x) => pow(2, x));

/**
 * The nearest whole number; of two equally near the even one. −0 stays, and so does the sign of
 * what is rounded to it.
 */
export const round = defined<One>("round", (x) => {
	const below = floor(x);
	const rest = sub(x, below);
	const isEven = equal(remainder(below, 2), 0);
	return select(or(less(rest, 0.5), and(equal(rest, 0.5), isEven)), below, ceil(x));
});

/** The remainder of x / y with the sign of y, that of a zero too; NaN for y = 0. */
export const floorMod = defined<Two>("floorMod", (x, y) => {
	const rest = remainder(x, y);
	const isNegative = less(y, 0);
	const zero = select(isNegative, neg(abs(rest)), abs(rest));
	const whole = select(xor(less(rest, 0), isNegative), add(rest, y), rest);
	return select(equal(rest, 0), zero, whole);
});

/** The cube root: ∛|x| by logarithms, to 1e−14, and then one step of Newton's. */
export const cbrt = defined<One>("cbrt", (x) => {
	const size = abs(x);
	const near = exp(div(log(size), 3));
	const root = sub(near, div(sub(near, div(size, mul(near, near))), 3));
	const isItself = or(equal(x, 0), equal(size, Number.POSITIVE_INFINITY));
	return select(isItself, x, select(less(x, 0), neg(root), root));
});

/** x / (1 + x) */
const overOnePlus = defined<One>("overOnePlus", (x) => div(x, add(1, x)));

/** 1 / (1 + e⁻ˣ), and without overflow where x is negative. */
export const sigmoid = defined<One>(
	"sigmoid",
	(x) => select(greaterEqual(x, 0), div(1, add(1, exp(neg(x)))), overOnePlus(exp(x))),
	{ short: shortSigmoid, single: singleSigmoid },
);

/**
 * The derivative of `sigmoid`, from the smaller of sigmoid(x) and sigmoid(−x), which has all its
 * digits.
 */
export const sigmoidSlope = defined<One>("sigmoidSlope", (x) => {
	const least = sigmoid(neg(abs(x)));
	return mul(least, sub(1, least));
});

/** log(1 + eˣ) without overflow. */
export const softplus = defined<One>("softplus", (x) => add(max(x, 0), log1p(exp(neg(abs(x))))));

/** log(eˣ + eʸ) without overflow; equal arguments by themselves, because ∞ − ∞ is NaN. */
export const logAddExp = defined<Two>("logAddExp", (x, y) => {
	const distance = abs(sub(x, y));
	const sum = add(max(x, y), log1p(exp(neg(distance))));
	return select(equal(x, y), add(x, Math.LN2), sum);
});

/** x·eˣ in steps of which none has fewer digits than the result; 0 where eˣ is far below. */
const siluFarOut = defined<One>("siluFarOut", (x) => {
	const root = exp(mul(x, 0.5));
	return select(equal(root, 0), 0, mul(mul(x, root), root));
});

/** x·sigmoid(x), and 0 at −∞. */
export const silu = defined<One>("silu", (x) =>
	select(less(x, -700), siluFarOut(x), mul(x, sigmoid(x))),
);
