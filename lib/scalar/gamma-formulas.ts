import { cotangent, stirlingRest } from "./gamma.ts";
import * as s from "./index.ts";
import type { Scalar, ScalarLike } from "./scalar.ts";

/** So many terms of Hurwitz's series are summed before the series of Euler and Maclaurin. */
const TERMS = 10;

/** B₂ₖ / (2k)! */
const MACLAURIN = [
	0.08333333333333333, -0.001388888888888889, 3.306878306878307e-5, -8.267195767195768e-7,
	2.08767569878681e-8, -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13,
	8.586062056277845e-15, -2.174868698558062e-16,
];

/** x to a whole power from 1, as products as long as their rounding does not show. */
function power(x: Scalar, exponent: number): Scalar {
	if (exponent > 6) return s.pow(x, exponent);
	const rest = (k: number): Scalar => (k === 1 ? x : s.mul(x, rest(k - 1)));
	return rest(exponent);
}

/**
 * ζ(n, x) = Σ 1 / (x + k)ⁿ for x > 0 and a whole n from 2: ten terms, and of the others, from w = x
 * + 10 on, w¹⁻ⁿ/(n − 1) + w⁻ⁿ/2 + Σ B₂ₖ/(2k)! · n·(n + 1)·…·(n + 2k − 2)·w^(1 − n − 2k).
 */
function hurwitz(n: number, x: Scalar): Scalar {
	const inverse = s.div(1, s.add(x, TERMS));
	const square = s.mul(inverse, inverse);
	let rising = n;
	const coefficients = MACLAURIN.map((b, k) => {
		const coefficient = b * rising;
		rising *= (n + 2 * k + 1) * (n + 2 * k + 2);
		return coefficient;
	});
	const series = coefficients.reduceRight<ScalarLike>((sum, c) => s.add(c, s.mul(sum, square)), 0);
	const shares = s.add(1 / (n - 1), s.mul(inverse, s.add(0.5, s.mul(inverse, series))));
	let sum = s.mul(power(inverse, n - 1), shares);
	for (let k = TERMS - 1; k >= 0; k--) sum = s.add(sum, power(s.div(1, s.add(x, k)), n));
	return sum;
}

/** The coefficients of the polynomial P with dⁿ/dxⁿ cot x = P(cot x), from that of c⁰ on. */
function cotangentDerivative(n: number): number[] {
	// (P(c))′ = −(1 + c²)·P′(c)
	let p = [0, 1];
	for (let i = 0; i < n; i++) {
		const slope = p.slice(1).map((c, k) => -c * (k + 1));
		p = [...slope, 0, 0].map((c, k) => c + (slope[k - 2] ?? 0));
	}
	return p;
}

/** The derivative of order n ≥ 1 of ψ: −(−1)ⁿ·n!·ζ(n + 1, x), and for x < 0 by reflection. */
export function polygammaFormula(n: number, x: Scalar): Scalar {
	const sign = n % 2 === 0 ? 1 : -1;
	let factorial = 1;
	for (let k = 2; k <= n; k++) factorial *= k;
	const isNegative = s.less(x, 0);
	const isNear = s.and(isNegative, s.greater(x, -0.5));
	const positive = s.select(isNear, s.add(1, x), s.select(isNegative, s.sub(1, x), x));
	const direct = s.mul(-sign * factorial, hurwitz(n + 1, positive));
	// ψ⁽ⁿ⁾(x) = (−1)ⁿ·ψ⁽ⁿ⁾(1 − x) − π·dⁿ/dxⁿ cot πx
	const c = s.div(cotangent(x), Math.PI);
	const polynomial = cotangentDerivative(n).reduceRight<ScalarLike>(
		(sum, each) => s.add(each, s.mul(sum, c)),
		0,
	);
	const turn = s.mul(Math.PI ** (n + 1), polynomial);
	const mirrored = s.sub(s.mul(sign, direct), turn);
	// Near 0 by what it is at x + 1: the cotangent would lose the digits of x. A power of x may be
	// too small for a number where the quotient is none too large.
	let term: ScalarLike = sign * factorial;
	for (let k = 0; k <= n; k++) term = s.div(term, x);
	const near = s.sub(direct, term);
	const isPole = s.equal(x, s.floor(x));
	const pole = -sign * Number.POSITIVE_INFINITY;
	const below = s.select(isPole, pole, s.select(isNear, near, mirrored));
	return s.select(isNegative, below, direct);
}

/** log |B(x, y)|: from 10 on by Stirling's formula, of which the large parts cancel exactly. */
export function betaLogarithm(x: Scalar, y: Scalar): Scalar {
	const [less, greater] = [s.min(x, y), s.max(x, y)];
	const sum = s.add(less, greater);
	const log1pShare = s.log1p(s.neg(s.div(less, sum)));
	const rest = s.sub(stirlingRest(greater), stirlingRest(sum));
	const both = s.add(
		s.add(s.mul(-0.5, s.log(greater)), 0.5 * Math.log(2 * Math.PI)),
		s.add(
			s.add(stirlingRest(less), rest),
			s.add(s.mul(s.sub(less, 0.5), s.log(s.div(less, sum))), s.mul(greater, log1pShare)),
		),
	);
	const one = s.add(
		s.add(s.lgamma(less), rest),
		s.add(s.mul(less, s.sub(1, s.log(sum))), s.mul(s.sub(greater, 0.5), log1pShare)),
	);
	const near = s.sub(s.add(s.lgamma(less), s.lgamma(greater)), s.lgamma(sum));
	const isLarge = s.greaterEqual(greater, 10);
	const value = s.select(isLarge, s.select(s.greaterEqual(less, 10), both, one), near);
	const isFar = s.equal(greater, Number.POSITIVE_INFINITY);
	const limit = s.select(isFar, Number.NEGATIVE_INFINITY, value);
	return s.select(s.less(less, 0), Number.NaN, limit);
}
