import { type Formula, termOf } from "../scalar/formula.ts";
import { digamma, lgamma, stirlingRest } from "../scalar/gamma.ts";
import { polygammaFormula } from "../scalar/gamma-formulas.ts";
import { termEvaluator } from "../scalar/numbers.ts";
import { seriesExponential, seriesInverse, seriesProduct, type Taylor } from "./taylor.ts";

// The incomplete gamma functions, number by number, with derivatives of any order by a: where a
// number is made of a, its Taylor series in a is carried along (R. J. Moore, "Algorithm AS 187:
// Derivatives of the incomplete gamma integral", Applied Statistics 31, 1982, does so to order 2).

type Numbers = (x: number) => number;
const one = (formula: Formula<never>): Numbers => termEvaluator(termOf(formula, 1));

/** A function of numbers that is made when it is first called. */
/* @__NO_SIDE_EFFECTS__ */
function lazily(formula: Formula<never>): Numbers {
	let f: Numbers | undefined;
	return (x) => {
		f ??= one(formula);
		return f(x);
	};
}

/** log Γ(x) of a number. */
export const lgammaOf = /* @__PURE__ */ lazily(lgamma);
/** What Stirling's formula lacks of log Γ(x), for x ≥ 8. */
export const stirlingRestOf = /* @__PURE__ */ lazily(stirlingRest);

const derivatives: Numbers[] = [];

/** The derivative of this order of ψ. */
function polygammaOf(order: number, x: number): number {
	derivatives[order] ??= one(order === 0 ? digamma : (y: never) => polygammaFormula(order, y));
	return derivatives[order](x);
}

/** log(1 + u) − u, with its digits for small u. */
export function log1pRest(u: number): number {
	if (!(Math.abs(u) < 0.5)) return Math.log1p(u) - u;
	const r = u / (2 + u);
	const square = r * r;
	// 2·artanh(r) − u = −r·(u − 2r²·(1/3 + r²/5 + …))
	let sum = 0;
	for (let k = 14; k > 0; k--) sum = sum * square + 1 / (2 * k + 1);
	return -r * (u - 2 * square * sum);
}

/** xᵃ·e⁻ˣ / Γ(a + 1), with Taylor coefficients in a up to an order. */
function prefactor(a: number, x: number, order: number): Taylor {
	const isNear = a >= 10 && Math.abs(x - a) < 0.4 * a;
	const value = isNear
		? Math.exp(a * log1pRest((x - a) / a) - stirlingRestOf(a)) / Math.sqrt(2 * Math.PI * a)
		: Math.exp(a * Math.log(x) - x - lgammaOf(a + 1));
	const exponent = [0];
	let factorial = 1;
	for (let k = 1; k <= order; k++) {
		factorial *= k;
		const slope = (k === 1 ? Math.log(x) : 0) - polygammaOf(k - 1, a + 1);
		exponent.push(slope / factorial);
	}
	return seriesExponential(value, exponent);
}

/** P(a, x) by 1 + x/(a + 1) + x²/((a + 1)·(a + 2)) + … */
function lowerSeries(a: number, x: number, order: number): Taylor {
	let term: Taylor = [1, ...new Array<number>(order).fill(0)];
	const sum = [...term];
	for (let k = 1; ; k++) {
		const next: number[] = [];
		for (let i = 0; i <= order; i++) next.push((x * term[i]! - (next[i - 1] ?? 0)) / (a + k));
		term = next;
		let isDone = true;
		for (let i = 0; i <= order; i++) {
			sum[i]! += term[i]!;
			isDone &&= Math.abs(term[i]!) <= 1e-17 * Math.abs(sum[i]!);
		}
		if (isDone) return seriesProduct(prefactor(a, x, order), sum);
	}
}

/** Q(a, x) by Legendre's continued fraction 1/(x + 1 − a − 1·(1 − a)/(x + 3 − a − …)). */
function upperFraction(a: number, x: number, order: number): Taylor {
	const series = (value: number, slope: number): Taylor =>
		[value, slope, ...new Array<number>(order).fill(0)].slice(0, order + 1);
	// W. J. Lentz's method.
	let c = series(1e300, 0);
	let d = seriesInverse(series(x + 1 - a, -1));
	let fraction = d;
	for (let k = 1; ; k++) {
		const [above, below] = [series(-k * (k - a), k), series(x + 2 * k + 1 - a, -1)];
		const plus = (p: Taylor) => p.map((each, i) => each + below[i]!);
		d = seriesInverse(plus(seriesProduct(above, d)));
		c = plus(seriesProduct(above, seriesInverse(c)));
		const ratio = seriesProduct(c, d);
		fraction = seriesProduct(fraction, ratio);
		// At rest each coefficient is 1 or 0 but for the rounding of its terms.
		const sizes = seriesProduct(c.map(Math.abs), d.map(Math.abs));
		const isFar = (each: number, i: number) =>
			Math.abs(i === 0 ? each - 1 : each) > (i === 0 ? 2 ** -51 : 2 ** -50) * sizes[i]!;
		if (!ratio.some(isFar)) break;
	}
	const scaled = seriesProduct(prefactor(a, x, order), series(a, 1));
	return seriesProduct(scaled, fraction);
}

/** Q(a, x) for small x, where P may be near 1: 1 − xᵃ/Γ(a + 1)·(1 + a·Σ (−x)ⁿ/((a + n)·n!)). */
function upperSeries(a: number, x: number): number {
	let [sum, power] = [0, 1];
	for (let n = 1; n < 100; n++) {
		power *= -x / n;
		const term = power / (a + n);
		sum += term;
		if (Math.abs(term) <= 1e-17 * Math.abs(sum)) break;
	}
	const above = 1 + a;
	// log Γ(1 + a) is a multiple of a, and 1 + a is rounded.
	const lgamma1p = above === 1 ? -0.5772156649015329 * a : (lgammaOf(above) / (above - 1)) * a;
	const exponent = a * Math.log(x) - lgamma1p;
	return -Math.expm1(exponent) - a * Math.exp(exponent) * sum;
}

/** Where P and Q are what they are at an end; null elsewhere. */
function atEnds(a: number, x: number): number | null {
	if (!(a >= 0 && x >= 0) || (a === 0 && x === 0)) return Number.NaN;
	if (a === Number.POSITIVE_INFINITY) return x === a ? Number.NaN : 0;
	if (x === 0) return 0;
	return a === 0 || x === Number.POSITIVE_INFINITY ? 1 : null;
}

/** Q(a, x), where P is no number at an end. */
function upper(a: number, x: number): number {
	if (x > 1.1) return x < a ? 1 - lowerSeries(a, x, 0)[0]! : upperFraction(a, x, 0)[0]!;
	const isLess = x <= 0.5 ? -0.4 / Math.log(x) < a : x * 1.1 < a;
	return isLess ? 1 - lowerSeries(a, x, 0)[0]! : upperSeries(a, x);
}

/** P(a, x) = 1/Γ(a) · ∫₀ˣ tᵃ⁻¹·e⁻ᵗ dt; the choice of the way is that of Cephes. */
export function lowerGamma(a: number, x: number): number {
	return atEnds(a, x) ?? (x > 1 && x > a ? 1 - upper(a, x) : lowerSeries(a, x, 0)[0]!);
}

/** 1 − P(a, x). */
export function upperGamma(a: number, x: number): number {
	const end = atEnds(a, x);
	return end === null ? upper(a, x) : 1 - end;
}

/** The derivative of P(a, x) by a, of an order from 1. */
export function lowerGammaSlope(a: number, x: number, order: number): number {
	const end = atEnds(a, x);
	if (end !== null) return a === 0 ? Number.NaN : end - end;
	let factorial = 1;
	for (let k = 2; k <= order; k++) factorial *= k;
	if (x > 1.1 && x >= a) return -factorial * upperFraction(a, x, order)[order]!;
	return factorial * lowerSeries(a, x, order)[order]!;
}
