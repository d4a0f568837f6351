import { defined } from "./function.ts";
import { exp } from "./library.ts";
import {
	abs,
	add,
	div,
	floor,
	greaterEqual,
	less,
	lessEqual,
	max,
	min,
	mul,
	neg,
	select,
	sub,
} from "./primitives.ts";
import type { One, Scalar, ScalarLike } from "./scalar.ts";
import { shortBell } from "./short.ts";

// The error function: rational approximations of W. J. Cody, "Rational Chebyshev approximations for
// the error function", Math. Comp. 23 (1969).

/** c₀·xⁿ + c₁·xⁿ⁻¹ + … by Horner's rule. */
function polynomial(x: Scalar, [first, ...rest]: readonly number[]): Scalar {
	const next = (sum: ScalarLike, c: number) => add(sum === 1 ? x : mul(sum, x), c);
	return rest.reduce<ScalarLike>(next, first!) as Scalar;
}

/**
 * exp(−share·y²) for y ≥ 0 and a share that is a power of 2, without the error of rounding y²
 * first: y is split into a part of few bits and a small rest.
 */
function bellOf(y: Scalar, share: number): Scalar {
	const head = div(floor(mul(y, 16)), 16);
	const rest = mul(neg(sub(y, head)), add(y, head));
	return mul(exp(mul(mul(neg(head), head), share)), exp(mul(rest, share)));
}

/** Where exp(−½y²) is 0, and what is made of it. */
const VANISHED = 40;

/** exp(−x²), also where rounding x² would tell in it. */
export const bell = defined<One>("bell", (x) => bellOf(min(abs(x), VANISHED), 1), {
	short: (x) => shortBell(x, 1),
});

/** exp(−½·x²). */
export const wideBell = defined<One>("wideBell", (x) => bellOf(min(abs(x), VANISHED), 0.5), {
	short: (x) => shortBell(x, 0.5),
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

/** erfc(y)·exp(y²) for 0.46875 ≤ y ≤ 4. */
export const shareInMiddle = defined<One>("shareInMiddle", (y) => {
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
	return div(p, q);
});

/** 1/√π − y·erfc(y)·exp(y²) for y ≥ 4. */
export const restInTail = defined<One>("restInTail", (y) => {
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
	return div(mul(squared, p), q);
});

/** y·erfc(y)·exp(y²) for y ≥ 4. */
export const shareInTail = defined<One>("shareInTail", (y) =>
	sub(1 / Math.sqrt(Math.PI), restInTail(y)),
);

/** erfc(y) for y > 0.46875. */
const erfcBeyond = defined<One>("erfcBeyond", (y) => {
	const share = select(lessEqual(y, 4), shareInMiddle(y), div(shareInTail(y), y));
	return mul(bell(y), share);
});

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

// The normal distribution. Its tail Φ(−s) is ½·erfc(s/√2); the exponent −½·s² is taken from s,
// since rounding s/√2 would tell in it, and s·Φ(−s) has no factor that is smaller than itself.

/** s·Φ(−s) for s > 0.66. */
const normalTail = defined<One>("normalTail", (s) => {
	const y = mul(s, Math.SQRT1_2);
	const middle = mul(mul(0.5, s), shareInMiddle(y));
	return mul(wideBell(s), select(lessEqual(y, 4), middle, mul(Math.SQRT1_2, shareInTail(y))));
});

/** Whether x/√2 is so near 0 that erf is a short series there. */
const isCentral = (x: Scalar) => lessEqual(abs(x), 0.46875 * Math.SQRT2);

/** Φ(x) near 0. */
const cumulativeNearZero = defined<One>("cumulativeNearZero", (x) =>
	add(0.5, mul(0.5, erfNearZero(mul(x, Math.SQRT1_2)))),
);

/** φ(x) = exp(−½·x²) / √(2π), the density of the normal distribution. */
export const normalDensity = defined<One>("normalDensity", (x) =>
	mul(1 / Math.sqrt(2 * Math.PI), wideBell(x)),
);

/** Φ(x), its distribution function, exact also where it is tiny. */
export const normalCumulative = defined<One>("normalCumulative", (x) => {
	const tail = div(normalTail(abs(x)), abs(x));
	const beyond = select(greaterEqual(x, 0), sub(1, tail), tail);
	return select(isCentral(x), cumulativeNearZero(x), beyond);
});

/** x·Φ(x). */
export const gelu = defined<One>("gelu", (x) => {
	const beyond = sub(max(x, 0), normalTail(abs(x)));
	return select(isCentral(x), mul(x, cumulativeNearZero(x)), beyond);
});
