import { type Binary, floating, type Unary } from "../core/lift.ts";
import { elementwise } from "../kinds/elementwise.ts";
import * as s from "../scalar/index.ts";
import { add, div, mul, neg, reciprocal, sqrt, square, sub } from "./arithmetic.ts";

// Slopes that keep their digits where the textbook's form loses them. `sigmoid` and `tanh` stand
// here too: their slopes are made of them.

/** The logistic function 1 / (1 + e⁻ˣ), elementwise, without overflow. */
export const sigmoid: Unary<"sigmoid"> = elementwise(1, {
	name: "sigmoid",
	formula: (x) => s.sigmoid(x),
	partials: [(x) => sigmoidSlope(x)],
	dtype: floating,
	latex: (x) => `\\sigma(${x})`,
	print: (x) => `sigmoid(${x})`,
	traits: { sign: () => "positive", mirror: "complement" },
});

/**
 * sigmoid(x)·sigmoid(−x), the derivative of `sigmoid`, elementwise: exact also where 1 − sigmoid(x)
 * has lost its digits, and so is its own derivative, −out·tanh(x/2).
 */
export const sigmoidSlope: Unary<"sigmoidSlope"> = elementwise(1, {
	name: "sigmoidSlope",
	formula: (x) => s.sigmoidSlope(x),
	partials: [(x, out) => neg(mul(out, tanh(mul(0.5, x))))],
	dtype: floating,
	latex: (x) => `\\sigma(${x}) \\odot \\sigma(-${x})`,
	print: (x) => `sigmoid(${x}) * sigmoid(-${x})`,
	traits: { mirror: "even", textbook: ([x]) => mul(sigmoid(x!), sub(1, sigmoid(x!))) },
});

/** The hyperbolic tangent, elementwise. */
export const tanh: Unary<"tanh"> = elementwise(1, {
	name: "tanh",
	formula: (x) => s.tanh(x),
	partials: [(x) => tanhSlope(x)],
	dtype: floating,
	latex: (x) => `\\tanh(${x})`,
	print: (x) => `np.tanh(${x})`,
	traits: { mirror: "odd" },
});

/**
 * 1 / cosh²(x), the derivative of `tanh`, elementwise: exact also where 1 − tanh²(x) has lost its
 * digits, and so is its own derivative, −2·tanh(x)·out.
 */
export const tanhSlope: Unary<"tanhSlope"> = elementwise(1, {
	name: "tanhSlope",
	formula: (x) => s.mul(4, s.sigmoidSlope(s.mul(2, x))),
	partials: [(x, out) => mul(mul(-2, tanh(x)), out)],
	dtype: floating,
	latex: (x) => `\\operatorname{sech}^{2}(${x})`,
	print: (x) => `np.square(1 / np.cosh(${x}))`,
	traits: { mirror: "even", textbook: ([x]) => sub(1, square(tanh(x!))) },
});

/**
 * 1 − x², elementwise, as (1 − x)·(1 + x), which stays exact where x is close to ±1; its derivative
 * −2·x is exact where x is close to 0.
 */
export const oneMinusSquare: Unary<"oneMinusSquare"> = elementwise(1, {
	name: "oneMinusSquare",
	formula: (x) => s.mul(s.sub(1, x), s.add(1, x)),
	partials: [(x) => mul(-2, x)],
	dtype: floating,
	latex: (x) => `1 - ${x}^{2}`,
	print: (x) => `(1 - ${x}) * (1 + ${x})`,
	traits: { mirror: "even", textbook: ([x]) => sub(1, square(x!)) },
});

/**
 * x / (x² + y²), elementwise, without the squares, which may overflow or vanish; arguments
 * broadcast. With the same of (y, x), v, the derivatives are (v − out)·(v + out) and −2·out·v.
 */
export const overSquares: Binary<"overSquares"> = elementwise(2, {
	name: "overSquares",
	formula: (x, y) => {
		// With the smaller over the greater, t: 1 / (x + y·t), or t / (y + x·t).
		const isGreater = s.greaterEqual(s.abs(x), s.abs(y));
		const [greater, less] = [s.select(isGreater, x, y), s.select(isGreater, y, x)];
		const t = s.div(less, greater);
		return s.div(s.select(isGreater, 1, t), s.add(greater, s.mul(less, t)));
	},
	partials: [
		(x, y, out) => {
			const other = overSquares(y, x);
			return mul(sub(other, out), add(other, out));
		},
		(x, y, out) => mul(mul(-2, out), overSquares(y, x)),
	],
	dtype: floating,
	domain: [
		{ min: 0.5, max: 2 },
		{ min: -2, max: 2 },
	],
	latex: (x, y) => `\\frac{${x}}{${x}^{2} + ${y}^{2}}`,
	print: (x, y) => `${x} / (np.square(${x}) + np.square(${y}))`,
	traits: { textbook: ([x, y]) => div(x!, add(square(x!), square(y!))) },
});

/** 1 / √(1 + x²), the derivative of `asinh`, elementwise, where x² may overflow. */
export const asinhSlope: Unary<"asinhSlope"> = elementwise(1, {
	name: "asinhSlope",
	formula: (x) => {
		// With t = 1 / |x| where that is less: t / √(1 + t²).
		const isLarge = s.greater(s.abs(x), 1);
		const t = s.select(isLarge, s.div(1, s.abs(x)), x);
		return s.div(s.select(isLarge, t, 1), s.sqrt(s.add(1, s.mul(t, t))));
	},
	partials: [(x, out) => neg(mul(out, overSquares(x, 1)))],
	dtype: floating,
	latex: (x) => `\\frac{1}{\\sqrt{1 + ${x}^{2}}}`,
	print: (x) => `1 / np.hypot(1, ${x})`,
	traits: { mirror: "even", textbook: ([x]) => reciprocal(sqrt(add(1, square(x!)))) },
});

/**
 * x − y, elementwise, and 0 where they are equal, infinite ones too; arguments broadcast. The
 * slopes of `logAddExp` are made of it.
 */
export const difference: Binary<"difference"> = elementwise(2, {
	name: "difference",
	formula: (x, y) => s.select(s.equal(x, y), 0, s.sub(x, y)),
	partials: [() => 1, () => -1],
	dtype: floating,
	latex: (x, y) => `${x} - ${y}`,
	print: (x, y) => `${x} - ${y}`,
	traits: { textbook: ([x, y]) => sub(x!, y!) },
});
