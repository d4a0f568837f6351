import { defined } from "./algebra.ts";

// Functions that Math lacks, by their formulas: `s.call(sigmoid, x)`.

export { erf, erfc, gelu } from "./error-function.ts";

/** The remainder of x / y with the sign of y; NaN for y = 0. */
export const floorMod = defined("floorMod", (s, x, y) => {
	const rest = s.remainder(x, y);
	const isOfOtherSign = s.xor(s.less(rest, 0), s.less(y, 0));
	return s.select(s.and(s.notEqual(rest, 0), isOfOtherSign), s.add(rest, y), rest);
});

/** x / (1 + x) */
const overOnePlus = defined("overOnePlus", (s, x) => s.div(x, s.add(1, x)));

/** 1 / (1 + e⁻ˣ), and without overflow where x is negative. */
export const sigmoid = defined("sigmoid", (s, x) =>
	s.select(
		s.greaterEqual(x, 0),
		s.div(1, s.add(1, s.exp(s.neg(x)))),
		s.call(overOnePlus, s.exp(x)),
	),
);

/**
 * The derivative of `sigmoid`, from the smaller of sigmoid(x) and sigmoid(−x), which has all its
 * digits.
 */
export const sigmoidSlope = defined("sigmoidSlope", (s, x) => {
	const least = s.call(sigmoid, s.neg(s.abs(x)));
	return s.mul(least, s.sub(1, least));
});

/** log(1 + eˣ) without overflow. */
export const softplus = defined("softplus", (s, x) =>
	s.add(s.max(x, 0), s.log1p(s.exp(s.neg(s.abs(x))))),
);

/** log(eˣ + eʸ) without overflow; equal arguments by themselves, because ∞ − ∞ is NaN. */
export const logAddExp = defined("logAddExp", (s, x, y) => {
	const distance = s.abs(s.sub(x, y));
	const sum = s.add(s.max(x, y), s.log1p(s.exp(s.neg(distance))));
	return s.select(s.equal(x, y), s.add(x, Math.LN2), sum);
});

/** x·sigmoid(x), and 0 at −∞. */
export const silu = defined("silu", (s, x) => {
	const share = s.call(sigmoid, x);
	return s.select(s.equal(share, 0), 0, s.mul(x, share));
});
