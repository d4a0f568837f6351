import { type Binary, floating, type Unary } from "../core/lift.ts";
import { elementwise } from "../kinds/elementwise.ts";
import * as s from "../scalar/index.ts";
import { add, mul, neg, reciprocal, sqrt, square, sub } from "./arithmetic.ts";
import { asinhSlope, oneMinusSquare, overSquares } from "./slopes.ts";

export { hypot } from "./slopes.ts";

/** The sine, elementwise; x in radians. */
export const sin: Unary<"sin"> = elementwise(1, {
	name: "sin",
	formula: (x) => s.sin(x),
	partials: [(x) => cos(x)],
	dtype: floating,
	latex: (x) => `\\sin(${x})`,
	print: (x) => `np.sin(${x})`,
	traits: { mirror: "odd" },
});

/** The cosine, elementwise; x in radians. */
export const cos: Unary<"cos"> = elementwise(1, {
	name: "cos",
	formula: (x) => s.cos(x),
	partials: [(x) => neg(sin(x))],
	dtype: floating,
	latex: (x) => `\\cos(${x})`,
	print: (x) => `np.cos(${x})`,
	traits: { mirror: "even" },
});

/** The tangent, elementwise; x in radians. */
export const tan: Unary<"tan"> = elementwise(1, {
	name: "tan",
	formula: (x) => s.tan(x),
	partials: [(_, out) => add(1, square(out))],
	dtype: floating,
	domain: [{ min: -1, max: 1 }],
	latex: (x) => `\\tan(${x})`,
	print: (x) => `np.tan(${x})`,
});

/**
 * The arc sine, elementwise, in radians from −π/2 to π/2; NaN beyond ±1, where the derivative is ∞.
 */
export const asin: Unary<"asin"> = elementwise(1, {
	name: "asin",
	formula: (x) => s.asin(x),
	partials: [(x) => reciprocal(sqrt(oneMinusSquare(x)))],
	dtype: floating,
	domain: [{ min: -0.75, max: 0.75 }],
	latex: (x) => `\\arcsin(${x})`,
	print: (x) => `np.arcsin(${x})`,
	traits: { finite: () => false },
});

/**
 * The arc cosine, elementwise, in radians from 0 to π; NaN beyond ±1, where the derivative is −∞.
 */
export const acos: Unary<"acos"> = elementwise(1, {
	name: "acos",
	formula: (x) => s.acos(x),
	partials: [(x) => neg(reciprocal(sqrt(oneMinusSquare(x))))],
	dtype: floating,
	domain: [{ min: -0.75, max: 0.75 }],
	latex: (x) => `\\arccos(${x})`,
	print: (x) => `np.arccos(${x})`,
	traits: { finite: () => false },
});

/** The arc tangent, elementwise, in radians from −π/2 to π/2. */
export const atan: Unary<"atan"> = elementwise(1, {
	name: "atan",
	formula: (x) => s.atan(x),
	partials: [(x) => overSquares(1, x)],
	dtype: floating,
	latex: (x) => `\\arctan(${x})`,
	print: (x) => `np.arctan(${x})`,
});

/**
 * The angle of the point (x, y), elementwise, in radians from −π to π; y comes first, as in NumPy,
 * and arguments broadcast. At the origin the value is 0 and the derivative, which does not exist,
 * NaN.
 */
export const atan2: Binary<"atan2"> = elementwise(2, {
	name: "atan2",
	formula: (x, y) => s.atan2(x, y),
	partials: [(y, x) => overSquares(x, y), (y, x) => neg(overSquares(y, x))],
	dtype: floating,
	domain: [
		{ min: 0.5, max: 2 },
		{ min: -2, max: 2 },
	],
	// Not Number.NaN: a bundler takes reading a property for an effect, and would keep an op that
	// nobody uses.
	conventions: [{ at: [0, 0], partials: [NaN, NaN] }],
	print: (y, x) => `np.arctan2(${y}, ${x})`,
});

/** The hyperbolic sine, elementwise. */
export const sinh: Unary<"sinh"> = elementwise(1, {
	name: "sinh",
	formula: (x) => s.sinh(x),
	partials: [(x) => cosh(x)],
	dtype: floating,
	latex: (x) => `\\sinh(${x})`,
	print: (x) => `np.sinh(${x})`,
	traits: { overflows: true },
});

/** The hyperbolic cosine, elementwise. */
export const cosh: Unary<"cosh"> = elementwise(1, {
	name: "cosh",
	formula: (x) => s.cosh(x),
	partials: [(x) => sinh(x)],
	dtype: floating,
	latex: (x) => `\\cosh(${x})`,
	print: (x) => `np.cosh(${x})`,
	traits: { overflows: true },
});

/** The inverse of sinh, elementwise. */
export const asinh: Unary<"asinh"> = elementwise(1, {
	name: "asinh",
	formula: (x) => s.asinh(x),
	partials: [(x) => asinhSlope(x)],
	dtype: floating,
	latex: (x) => `\\operatorname{arsinh}(${x})`,
	print: (x) => `np.arcsinh(${x})`,
});

/** The inverse of cosh, elementwise; NaN below 1. At 1 the derivative is ∞. */
export const acosh: Unary<"acosh"> = elementwise(1, {
	name: "acosh",
	formula: (x) => s.acosh(x),
	// Two roots, so that the derivative is NaN where the value is.
	partials: [(x) => reciprocal(mul(sqrt(sub(x, 1)), sqrt(add(x, 1))))],
	dtype: floating,
	domain: [{ min: 1.5, max: 3 }],
	latex: (x) => `\\operatorname{arcosh}(${x})`,
	print: (x) => `np.arccosh(${x})`,
	traits: { finite: () => false },
});

/** The inverse of tanh, elementwise; ±∞ at ±1, NaN beyond. */
export const atanh: Unary<"atanh"> = elementwise(1, {
	name: "atanh",
	formula: (x) => s.atanh(x),
	partials: [(x) => reciprocal(oneMinusSquare(x))],
	dtype: floating,
	domain: [{ min: -0.75, max: 0.75 }],
	latex: (x) => `\\operatorname{artanh}(${x})`,
	print: (x) => `np.arctanh(${x})`,
	traits: { finite: () => false },
});
