import { floating, type Unary } from "../core/lift.ts";
import { elementwise } from "../kinds/elementwise.ts";
import * as s from "../scalar/index.ts";
import { add, mul, neg, square, sub } from "./arithmetic.ts";
import { bounded } from "./bounded.ts";
import { exp } from "./exponential.ts";
import { scale } from "./masks.ts";

// Bells and their tails, with the digits that rounding x² in the exponent would lose: the
// derivatives of the error function and of `gelu` are made of them. Where a bell has vanished, so
// has its derivative, at ±∞ too. `erfc` stands here as well: Φ in a textbook is made of it.

/** exp(−x²), elementwise, also where rounding x² would tell in it. */
export const bell: Unary<"bell"> = elementwise(1, {
	name: "bell",
	formula: (x) => s.bell(x),
	partials: [(x, out) => mul(-2, scale(out, x))],
	dtype: floating,
	latex: (x) => `\\exp(-${x}^{2})`,
	print: (x) => `np.exp(-np.square(${x}))`,
	traits: { mirror: "even", textbook: ([x]) => exp(neg(square(x!))) },
});

/** φ(x) = exp(−½·x²) / √(2π), the density of the normal distribution, elementwise. */
export const normalDensity: Unary<"normalDensity"> = elementwise(1, {
	name: "normalDensity",
	formula: (x) => s.normalDensity(x),
	partials: [(x, out) => neg(scale(out, x))],
	dtype: floating,
	latex: (x) => `\\varphi(${x})`,
	print: (x) => `np.exp(-0.5 * np.square(${x})) / np.sqrt(2 * np.pi)`,
	traits: {
		mirror: "even",
		textbook: ([x]) => mul(1 / Math.sqrt(2 * Math.PI), exp(mul(-0.5, square(x!)))),
	},
});

/** Φ(x), the distribution function of the normal distribution, elementwise. */
export const normalCumulative: Unary<"normalCumulative"> = elementwise(1, {
	name: "normalCumulative",
	formula: (x) => s.normalCumulative(x),
	partials: [(x) => normalDensity(x)],
	dtype: floating,
	latex: (x) => `\\Phi(${x})`,
	print: (x) => `0.5 * erfc(-${x} / np.sqrt(2))`,
	traits: { mirror: "complement", textbook: ([x]) => mul(0.5, erfc(mul(-Math.SQRT1_2, x!))) },
});

/** 1 − erf(x), elementwise, exact also where it is tiny. */
export const erfc: Unary<"erfc"> = elementwise(1, {
	name: "erfc",
	formula: (x) => s.erfc(x),
	partials: [(x) => mul(-2 / Math.sqrt(Math.PI), bell(x))],
	dtype: floating,
	print: (x) => `erfc(${x})`,
});

/**
 * Φ(x) + x·φ(x), the derivative of `gelu`, elementwise. Its own, φ(x)·(2 − x²), is one product, so
 * that both have their limits at ±∞.
 */
export const geluSlope: Unary<"geluSlope"> = elementwise(1, {
	name: "geluSlope",
	formula: (x) => s.add(s.normalCumulative(x), s.mul(s.normalDensity(x), bounded(x))),
	partials: [(x) => scale(normalDensity(x), sub(2, square(x)))],
	dtype: floating,
	latex: (x) => `\\Phi(${x}) + ${x} \\odot \\varphi(${x})`,
	print: (x) =>
		`0.5 * erfc(-${x} / np.sqrt(2)) + ${x} * np.exp(-0.5 * np.square(${x})) / np.sqrt(2 * np.pi)`,
	traits: {
		mirror: "complement",
		textbook: ([x]) => add(normalCumulative(x!), scale(normalDensity(x!), x!)),
	},
});
