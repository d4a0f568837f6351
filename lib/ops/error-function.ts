import { floating, type Unary } from "../core/lift.ts";
import { elementwise } from "../kinds/elementwise.ts";
import * as s from "../scalar/index.ts";
import { mul } from "./arithmetic.ts";
import { bell, geluSlope } from "./bells.ts";

export { erfc } from "./bells.ts";

/** The error function 2/√π · ∫₀ˣ exp(−t²) dt, elementwise. */
export const erf: Unary<"erf"> = elementwise(1, {
	name: "erf",
	formula: (x) => s.erf(x),
	partials: [(x) => mul(2 / Math.sqrt(Math.PI), bell(x))],
	dtype: floating,
	print: (x) => `erf(${x})`,
});

/**
 * x·Φ(x), elementwise, where Φ is the distribution function of the normal distribution: the exact
 * form, not the one with tanh (D. Hendrycks and K. Gimpel, "Gaussian error linear units", 2016).
 * The derivative is Φ(x) + x·φ(x) with the density φ; the limits at ±∞ hold in value and
 * derivative.
 */
export const gelu: Unary<"gelu"> = elementwise(1, {
	name: "gelu",
	formula: (x) => s.gelu(x),
	partials: [(x) => geluSlope(x)],
	dtype: floating,
	latex: (x) => `${x} \\odot \\Phi(${x})`,
	print: (x) => `0.5 * ${x} * erfc(-${x} / np.sqrt(2))`,
});
