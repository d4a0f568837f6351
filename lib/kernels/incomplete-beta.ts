import { termOf } from "../scalar/formula.ts";
import { betaLogarithm } from "../scalar/gamma-formulas.ts";
import { termEvaluator } from "../scalar/numbers.ts";
import { log1pRest, stirlingRestOf } from "./incomplete-gamma.ts";

let made: ((...x: number[]) => number) | undefined;

/** log B(a, b) of numbers. */
function betaLog(a: number, b: number): number {
	made ??= termEvaluator(termOf(betaLogarithm, 2));
	return made(a, b);
}

/** xᵃ·(1 − x)ᵇ / B(a, b), where y is 1 − x. */
function prefactor(a: number, b: number, x: number, y: number): number {
	if (a < 10 || b < 10) {
		return Math.exp(a * Math.log(x) + b * Math.log1p(-x) - betaLog(a, b));
	}
	// By Stirling's formula, with the exponent's distance from its peak at a/(a + b).
	const far = b * x - a * y;
	const exponent = a * log1pRest(far / a) + b * log1pRest(-far / b);
	const rest = stirlingRestOf(a + b) - stirlingRestOf(a) - stirlingRestOf(b);
	return Math.sqrt(((a / (a + b)) * b) / (2 * Math.PI)) * Math.exp(exponent + rest);
}

/** The continued fraction of a·B(a, b)·I / (xᵃ·(1 − x)ᵇ), by W. J. Lentz's method. */
function fraction(a: number, b: number, x: number): number {
	const nonzero = (z: number) => (z === 0 ? 1e-300 : z);
	let c = 1;
	let d = 1 / nonzero(1 - ((a + b) * x) / (a + 1));
	let value = d;
	for (let k = 1; ; k++) {
		const even = (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k));
		d = 1 / nonzero(1 + even * d);
		c = nonzero(1 + even / c);
		value *= c * d;
		const odd = (-(a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1));
		d = 1 / nonzero(1 + odd * d);
		c = nonzero(1 + odd / c);
		value *= c * d;
		if (!(Math.abs(c * d - 1) > 2 ** -51)) return value;
	}
}

/** I(a, b, x) = 1/B(a, b) · ∫₀ˣ tᵃ⁻¹·(1 − t)ᵇ⁻¹ dt. */
export function incompleteBeta(a: number, b: number, x: number): number {
	if (!(a >= 0 && b >= 0 && x >= 0 && x <= 1)) return Number.NaN;
	const isFlat = a === 0 || b === Number.POSITIVE_INFINITY;
	const isSteep = b === 0 || a === Number.POSITIVE_INFINITY;
	if (isFlat && isSteep) return Number.NaN;
	if (x === 0 || x === 1) return x;
	if (isFlat || isSteep) return isFlat ? 1 : 0;
	const y = 1 - x;
	const scale = prefactor(a, b, x, y);
	return x <= (a + 1) / (a + b + 2)
		? (scale * fraction(a, b, x)) / a
		: 1 - (scale * fraction(b, a, y)) / b;
}
