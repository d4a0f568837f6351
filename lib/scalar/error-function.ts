import { type Algebra, defined, type ScalarLike } from "./algebra.ts";
import type { Scalar } from "./scalar.ts";

// The error function: rational approximations of W. J. Cody, "Rational Chebyshev approximations for
// the error function", Math. Comp. 23 (1969).

/** c₀·xⁿ + c₁·xⁿ⁻¹ + … by Horner's rule. */
function polynomial(s: Algebra, x: Scalar, [first, ...rest]: readonly number[]): Scalar {
	const next = (sum: ScalarLike, c: number) => s.add(sum === 1 ? x : s.mul(sum, x), c);
	return rest.reduce<ScalarLike>(next, first!) as Scalar;
}

/**
 * exp(−y²) for y ≥ 0, without the error of rounding y² first: y is split into a part of few bits
 * and a small rest.
 */
const expMinusSquare = defined("expMinusSquare", (s, y) => {
	const head = s.div(s.floor(s.mul(y, 16)), 16);
	const rest = s.mul(s.neg(s.sub(y, head)), s.add(y, head));
	return s.mul(s.exp(s.mul(s.neg(head), head)), s.exp(rest));
});

/** erf(x) for |x| ≤ 0.46875. */
const erfNearZero = defined("erfNearZero", (s, x) => {
	const squared = s.mul(x, x);
	const p = polynomial(
		s,
		squared,
		[
			0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302,
			3209.3775891384694,
		],
	);
	const q = polynomial(
		s,
		squared,
		[1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
	);
	return s.div(s.mul(x, p), q);
});

/** erfc(y) for 0.46875 ≤ y ≤ 4. */
const erfcInMiddle = defined("erfcInMiddle", (s, y) => {
	const p = polynomial(
		s,
		y,
		[
			2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163,
			298.6351381974001, 881.952221241769, 1712.0476126340707, 2051.0783778260716,
			1230.3393547979972,
		],
	);
	const q = polynomial(
		s,
		y,
		[
			1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903,
			3290.7992357334597, 4362.619090143247, 3439.3676741437216, 1230.3393548037495,
		],
	);
	return s.div(s.mul(s.call(expMinusSquare, y), p), q);
});

/**
 * erfc(y) for y ≥ 4; 0 where it is less than the least number, which keeps ∞ out of the formula.
 */
const erfcInTail = defined("erfcInTail", (s, y) => {
	const squared = s.div(1, s.mul(y, y));
	const p = polynomial(
		s,
		squared,
		[
			0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926,
			0.016083785148742275, 0.0006587491615298378,
		],
	);
	const q = polynomial(
		s,
		squared,
		[
			1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132,
			0.0023352049762686918,
		],
	);
	const rest = s.sub(1 / Math.sqrt(Math.PI), s.div(s.mul(squared, p), q));
	return s.select(s.greater(y, 28), 0, s.div(s.mul(s.call(expMinusSquare, y), rest), y));
});

/** erfc(y) for y > 0.46875. */
const erfcBeyond = defined("erfcBeyond", (s, y) =>
	s.select(s.lessEqual(y, 4), s.call(erfcInMiddle, y), s.call(erfcInTail, y)),
);

/** erf(x) for |x| > 0.46875. */
const erfFarOut = defined("erfFarOut", (s, x) => {
	const size = s.add(s.sub(0.5, s.call(erfcBeyond, s.abs(x))), 0.5);
	return s.select(s.less(x, 0), s.neg(size), size);
});

/** erfc(x) for |x| > 0.46875. */
const erfcFarOut = defined("erfcFarOut", (s, x) => {
	const rest = s.call(erfcBeyond, s.abs(x));
	return s.select(s.less(x, 0), s.sub(2, rest), rest);
});

/** The error function, 2/√π · ∫₀ˣ exp(−t²) dt, to a few units in the last place. */
export const erf = defined("erf", (s, x) =>
	s.select(s.lessEqual(s.abs(x), 0.46875), s.call(erfNearZero, x), s.call(erfFarOut, x)),
);

/** 1 − erf(x), to a few units in the last place also where it is tiny. */
export const erfc = defined("erfc", (s, x) =>
	s.select(s.lessEqual(s.abs(x), 0.46875), s.sub(1, s.call(erfNearZero, x)), s.call(erfcFarOut, x)),
);

/** x·Φ(x), where Φ is the distribution function of the normal distribution, and 0 where Φ(x) is. */
export const gelu = defined("gelu", (s, x) => {
	const tail = s.call(erfc, s.mul(s.neg(x), Math.SQRT1_2));
	return s.select(s.equal(tail, 0), 0, s.mul(s.mul(0.5, x), tail));
});
