import { type Binary, floating, type Unary } from "../core/lift.ts";
import type { Tensor } from "../core/tensor.ts";
import { elementwise } from "../kinds/elementwise.ts";
import * as s from "../scalar/index.ts";
import type { Scalar } from "../scalar/scalar.ts";
import { abs, add, div, mul, neg, reciprocal, sqrt, square, sub } from "./arithmetic.ts";
import { bounded } from "./bounded.ts";
import { equal, logicalAnd, where } from "./comparison.ts";
import { direction } from "./direction.ts";

// Slopes that keep their digits where the textbook's form loses them. `sigmoid`, `tanh` and `hypot`
// stand here too: their slopes are made of them.

/** The logistic function 1 / (1 + e⁻ˣ), elementwise, without overflow. */
export const sigmoid: Unary<"sigmoid"> = elementwise(1, {
	name: "sigmoid",
	formula: (x) => s.sigmoid(x),
	partials: [(x) => sigmoidSlope(x)],
	dtype: floating,
	latex: (x) => `\\sigma(${x})`,
	proof: ([x], y) => ({
		en: `With $${y} = \\frac{1}{1 + \\exp(-${x})}$ the derivative is $\\frac{\\exp(-${x})}{(1 + \\exp(-${x}))^{2}}$. Its factor $\\frac{1}{1 + \\exp(-${x})}$ is $${y}$, and the rest, $\\frac{\\exp(-${x})}{1 + \\exp(-${x})}$, is $1 - ${y}$.`,
		zh: `由 $${y} = \\frac{1}{1 + \\exp(-${x})}$ 求导，得 $\\frac{\\exp(-${x})}{(1 + \\exp(-${x}))^{2}}$，其中因子 $\\frac{1}{1 + \\exp(-${x})}$ 就是 $${y}$，余下的 $\\frac{\\exp(-${x})}{1 + \\exp(-${x})}$ 就是 $1 - ${y}$。`,
	}),
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
	proof: ([x], y) => ({
		en: `$\\tanh(${x})$ is $\\frac{\\sinh(${x})}{\\cosh(${x})}$. By the quotient rule its derivative is $\\frac{\\cosh^{2}(${x}) - \\sinh^{2}(${x})}{\\cosh^{2}(${x})}$, which is $1 - ${y}^{2}$.`,
		zh: `$\\tanh(${x})$ 就是 $\\frac{\\sinh(${x})}{\\cosh(${x})}$，由商的求导法则，其导数为 $\\frac{\\cosh^{2}(${x}) - \\sinh^{2}(${x})}{\\cosh^{2}(${x})}$，即 $1 - ${y}^{2}$。`,
	}),
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
		// With the smaller over the greater, t: 1 / x / (1 + t²), or t / y / (1 + t²).
		const isGreater = s.greaterEqual(s.abs(x), s.abs(y));
		const [greater, less] = [s.select(isGreater, x, y), s.select(isGreater, y, x)];
		const t = s.div(less, greater);
		return s.div(s.div(s.select(isGreater, 1, t), greater), s.add(1, s.mul(t, t)));
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

/**
 * √(x² + y²), elementwise, without overflow; arguments broadcast. As for `norm`, the derivative at
 * (0, 0) is 0, to any order; at (±∞, y) it is (±1, 0). A NaN shows in both gradients. It shows in
 * the value too, but beside ±∞, where that is ∞ as in NumPy and IEEE 754.
 */
export const hypot: Binary<"hypot"> = elementwise(2, {
	name: "hypot",
	formula: (x, y) => s.hypot(x, y),
	partials: [(x, y) => hypotSlopeX(x, y), (x, y) => hypotSlopeY(x, y)],
	dtype: floating,
	domain: [
		{ min: 0.5, max: 2 },
		{ min: -2, max: 2 },
	],
	conventions: [{ at: [0, 0], partials: [0, 0] }],
	latex: (x, y) => `\\sqrt{${x}^{2} + ${y}^{2}}`,
	print: (x, y) => `np.hypot(${x}, ${y})`,
	traits: { sign: () => "nonnegative" },
});

/** x / √(x² + y²), and 0 where both are 0, without the squares, which may overflow or vanish. */
function overLength(x: Scalar, y: Scalar): Scalar {
	const greater = s.max(s.abs(x), s.abs(y));
	// An infinite one too is ±1 of itself.
	const share = (z: Scalar) => s.select(s.equal(s.abs(z), greater), s.sign(z), s.div(z, greater));
	const [u, v] = [share(x), share(y)];
	const length = s.sqrt(s.add(s.mul(u, u), s.mul(v, v)));
	return s.select(s.equal(greater, 0), 0, s.div(u, length));
}

/**
 * x / √(x² + y²), the derivative of `hypot` by x, elementwise; arguments broadcast. Its own
 * derivatives, y²/r³ and −x·y/r³, are products, also where 1/r − x²/r³ has lost its digits.
 */
export const hypotSlopeX: Binary<"hypotSlopeX"> = elementwise(2, {
	name: "hypotSlopeX",
	formula: overLength,
	partials: [
		(x, y) => mul(hypotSlopeY(x, y), overSquaresOrZero(y, x)),
		(x, y, out) => neg(mul(out, overSquaresOrZero(y, x))),
	],
	dtype: floating,
	domain: [
		{ min: 0.5, max: 2 },
		{ min: -2, max: 2 },
	],
	latex: (x, y) => `\\frac{${x}}{\\sqrt{${x}^{2} + ${y}^{2}}}`,
	print: (x, y) => `${x} / np.hypot(${x}, ${y})`,
	traits: { textbook: ([x, y]) => direction(x!, hypot(x!, y!)) },
});

/** The same by y: y / √(x² + y²). */
export const hypotSlopeY: Binary<"hypotSlopeY"> = elementwise(2, {
	name: "hypotSlopeY",
	formula: (x, y) => overLength(y, x),
	partials: [
		(x, y, out) => neg(mul(out, overSquaresOrZero(x, y))),
		(x, y) => mul(hypotSlopeX(x, y), overSquaresOrZero(x, y)),
	],
	dtype: floating,
	domain: [
		{ min: 0.5, max: 2 },
		{ min: -2, max: 2 },
	],
	latex: (x, y) => `\\frac{${y}}{\\sqrt{${x}^{2} + ${y}^{2}}}`,
	print: (x, y) => `${y} / np.hypot(${x}, ${y})`,
	traits: { textbook: ([x, y]) => direction(y!, hypot(x!, y!)) },
});

/** `overSquares`, and 0 where both are 0. */
function overSquaresOrZero(x: Tensor, y: Tensor): Tensor {
	return overSquares(x, where(logicalAnd(equal(x, 0), equal(y, 0)), 1, y));
}

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

/** x / (1 + |x|), elementwise; its derivative, 1 / (1 + |x|)², is a square and no difference. */
export const softsign: Unary<"softsign"> = elementwise(1, {
	name: "softsign",
	formula: (x) => {
		const near = bounded(x);
		return s.div(near, s.add(1, s.abs(near)));
	},
	partials: [(x) => square(reciprocal(add(1, abs(x))))],
	dtype: floating,
	domain: [{ avoid: [0] }],
	conventions: [{ at: [0], partials: [1] }],
	latex: (x) => `\\frac{${x}}{1 + \\lvert ${x} \\rvert}`,
	print: (x) => `${x} / (1 + np.abs(${x}))`,
	traits: { mirror: "odd" },
});
