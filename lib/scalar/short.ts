import { add, div, equal, max, min, mul, neg, select, sub } from "./primitives.ts";
import { constant, type NativeFunction, type Scalar } from "./scalar.ts";

// Functions for results that are rounded to float32 once, as formulas that loops and vectors read.
// They are computed in float64, so a short polynomial is enough, and what rounding loses on the way
// need not be made up for. Few results differ from what `Math` has, rounded: by one unit.

/** The float64 whose exponent is stored as 0, 1, 2, …; the others of their bits are 0. */
export const powers = /* @__PURE__ */ (() => {
	const words = new Int32Array(4096);
	for (let i = 0; i < 2048; i++) words[2 * i + 1] = i << 20;
	return new Float64Array(words.buffer);
})();

/**
 * 2ᵏ for a whole number k from −1022 to 1023; 0 for −1023, ∞ for 1024. A NaN may give anything:
 * what is multiplied with it is NaN.
 */
export const twoTo = (k: number): number => powers[(k + 1023) | 0]!;

/** The same as a function that formulas call. */
export const powerOf2: NativeFunction = {
	name: "powerOf2",
	arity: 1,
	operator: undefined,
	evaluate: twoTo,
};

/** (2ʳ − 1) / r for |r| ≤ ½, minimax: to 2^−32 of it. */
const Q = [
	0.6931471805815693, 0.24022650920051752, 0.05550410727596325, 0.00961805703699548,
	0.0013333669452296206, 0.00015461329900434147, 1.5252719625127165e-5,
];

/**
 * c₀ + c₁·x + c₂·x² + … as two of half the length in x², which need not wait for each other
 * (Estrin's scheme; J.-M. Muller, "Elementary Functions", 3rd ed., chapter 5).
 */
export function polynomial(x: Scalar, coefficients: readonly number[]): Scalar {
	if (coefficients.length === 1) return constant(coefficients[0]!);
	const square = mul(x, x);
	const [even, odd] = [0, 1].map((rest) => coefficients.filter((_, i) => i % 2 === rest));
	return add(polynomial(square, even!), mul(x, polynomial(square, odd!)));
}

/** A number so large that adding it rounds to a whole number. */
const ROUNDING = 1.5 * 2 ** 52;

/** 2ᵗ for t kept between two bounds, and 2ᵗ − 1 with all its digits; −0 stays there. */
function power(t: Scalar, least: number, most: number) {
	const kept = min(max(t, least), most);
	const k = sub(add(kept, ROUNDING), ROUNDING);
	const r = sub(kept, k);
	const excess = mul(r, polynomial(r, Q));
	const scale: Scalar = { kind: "call", type: "number", of: powerOf2, args: [k] };
	const whole = mul(add(1, excess), scale);
	return { whole, lessOne: select(equal(k, 0), excess, sub(whole, 1)) };
}

/** eˣ and more; kept so, 2ᵗ becomes 0 or ∞ beyond what float64 holds. */
const exponential = (x: Scalar) => power(mul(x, Math.LOG2E), -1023, 1024);

/** eˣ. */
export const shortExp = (x: Scalar): Scalar => exponential(x).whole;

/** eˣ − 1. */
export const shortExpm1 = (x: Scalar): Scalar => exponential(x).lessOne;

/** tanh x = t / (t + 2) with t = e²ˣ − 1; where 2x is beyond ±44 the result is rounded to ±1. */
export const shortTanh = (x: Scalar): Scalar => {
	const t = power(mul(x, 2 * Math.LOG2E), -64, 64).lessOne;
	return div(t, add(t, 2));
};

/** 1 / (1 + e⁻ˣ): nothing that float32 has overflows here. */
export const shortSigmoid = (x: Scalar): Scalar => div(1, add(1, exponential(neg(x)).whole));

/** exp(−share·x²): the error of x² does not tell. */
export const shortBell = (x: Scalar, share: number): Scalar =>
	exponential(mul(mul(x, x), -share)).whole;
