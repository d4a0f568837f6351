import { floating, type Unary } from "../core/lift.ts";
import { elementwise } from "../kinds/elementwise.ts";
import * as s from "../scalar/index.ts";
import { add, mul, neg, sub } from "./arithmetic.ts";
import { bounded } from "./bounded.ts";
import { scale } from "./masks.ts";
import { sigmoid, sigmoidSlope, tanh } from "./slopes.ts";

/**
 * x·sigmoid(x), elementwise (also called swish). With s = sigmoid(x) the derivative is s + (1 −
 * s)·out; the limits at ±∞ hold in value and derivative.
 */
export const silu: Unary<"silu"> = elementwise(1, {
	name: "silu",
	formula: (x) => s.silu(x),
	partials: [(x) => siluSlope(x)],
	dtype: floating,
	latex: (x) => `${x} \\odot \\sigma(${x})`,
	print: (x) => `${x} / (1 + np.exp(-${x}))`,
});

/**
 * s + (1 − s)·silu(x), the derivative of `silu`, elementwise, where s = sigmoid(x) and 1 − s keeps
 * its digits. Its own, s·(1 − s)·(2 − x·tanh(x/2)), is one product, so that both have their limits
 * at ±∞.
 */
export const siluSlope: Unary<"siluSlope"> = elementwise(1, {
	name: "siluSlope",
	formula: (x) => {
		const near = bounded(x);
		return s.add(s.sigmoid(near), s.mul(s.sigmoid(s.neg(near)), s.silu(near)));
	},
	partials: [(x) => scale(sigmoidSlope(x), sub(2, mul(x, tanh(mul(0.5, x)))))],
	dtype: floating,
	latex: (x) => `\\sigma(${x}) \\odot (1 + ${x} \\odot \\sigma(-${x}))`,
	print: (x) => `sigmoid(${x}) * (1 + ${x} * sigmoid(-${x}))`,
	traits: {
		mirror: "complement",
		textbook: ([x]) => add(sigmoid(x!), scale(sigmoid(neg(x!)), silu(x!))),
	},
});
