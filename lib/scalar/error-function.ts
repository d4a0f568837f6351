import { defined } from "./function.ts";
import { exp } from "./library.ts";
import {
	abs,
	add,
	div,
	equal,
	floor,
	greater,
	less,
	lessEqual,
	mul,
	neg,
	select,
	sub,
} from "./primitives.ts";
import type { One, Scalar, ScalarLike } from "./scalar.ts";

// The error function: rational approximations of W. J. Cody, "Rational Chebyshev approximations for
// the error function", Math. Comp. 23 (1969).

/** c₀·xⁿ + c₁·xⁿ⁻¹ + … by Horner's rule. */
function polynomial(x: Scalar, [first, ...rest]: readonly number[]): Scalar {
	const next = (sum: ScalarLike, c: number) => add(sum === 1 ? x : mul(sum, x), c);
	return rest.reduce<ScalarLike>(next, first!) as Scalar;
}

/**
 * exp(−y²) for y ≥ 0, without the error of rounding y² first: y is split into a part of few bits
 * and a small rest.
 */
const expMinusSquare = defined<One>("expMinusSquare", (y) => {
	const head = div(floor(mul(y, 16)), 16);
	const rest = mul(neg(sub(y, head)), add(y, head));
	return mul(exp(mul(neg(head), head)), exp(rest));
});

/** erf(x) for |x| ≤ 0.46875. */
const erfNearZero = defined<One>("erfNearZero", (x) => {
	const squared = mul(x, x);
	const p = polynomial(
		squared,
		[
			0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302,
			3209.3775891384694,
		],
	);
	const q = polynomial(
		squared,
		[1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
	);
	return div(mul(x, p), q);
});

/** erfc(y) for 0.46875 ≤ y ≤ 4. */
const erfcInMiddle = defined<One>("erfcInMiddle", (y) => {
	const p = polynomial(
		y,
		[
			2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163,
			298.6351381974001, 881.952221241769, 1712.0476126340707, 2051.0783778260716,
			1230.3393547979972,
		],
	);
	const q = polynomial(
		y,
		[
			1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903,
			3290.7992357334597, 4362.619090143247, 3439.3676741437216, 1230.3393548037495,
		],
	);
	return div(mul(expMinusSquare(y), p), q);
});

/**
 * erfc(y) for y ≥ 4; 0 where it is less than the least number, which keeps ∞ out of the formula.
 */
const erfcInTail = defined<One>("erfcInTail", (y) => {
	const squared = div(1, mul(y, y));
	const p = polynomial(
		squared,
		[
			0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926,
			0.016083785148742275, 0.0006587491615298378,
		],
	);
	const q = polynomial(
		squared,
		[
			1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132,
			0.0023352049762686918,
		],
	);
	const rest = sub(1 / Math.sqrt(Math.PI), div(mul(squared, p), q));
	return select(greater(y, 28), 0, div(mul(expMinusSquare(y), rest), y));
});

/** erfc(y) for y > 0.46875. */
const erfcBeyond = defined<One>("erfcBeyond", (y) =>
	select(lessEqual(y, 4), erfcInMiddle(y), erfcInTail(y)),
);

/** erf(x) for |x| > 0.46875. */
const erfFarOut = defined<One>("erfFarOut", (x) => {
	const size = add(sub(0.5, erfcBeyond(abs(x))), 0.5);
	return select(less(x, 0), neg(size), size);
});

/** erfc(x) for |x| > 0.46875. */
const erfcFarOut = defined<One>("erfcFarOut", (x) => {
	const rest = erfcBeyond(abs(x));
	return select(less(x, 0), sub(2, rest), rest);
});

/** The error function, 2/√π · ∫₀ˣ exp(−t²) dt, to a few units in the last place. */
export const erf = defined<One>("erf", (x) =>
	select(lessEqual(abs(x), 0.46875), erfNearZero(x), erfFarOut(x)),
);

/** 1 − erf(x), to a few units in the last place also where it is tiny. */
export const erfc = defined<One>("erfc", (x) =>
	select(lessEqual(abs(x), 0.46875), sub(1, erfNearZero(x)), erfcFarOut(x)),
);

/** x·Φ(x), where Φ is the distribution function of the normal distribution, and 0 where Φ(x) is. */
export const gelu = defined<One>("gelu", (x) => {
	const tail = erfc(mul(neg(x), Math.SQRT1_2));
	return select(equal(tail, 0), 0, mul(mul(0.5, x), tail));
});
