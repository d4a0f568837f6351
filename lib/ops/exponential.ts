import { isFloat } from "../core/dtype.ts";
import { arithmetic, type Binary, floating, type Unary } from "../core/lift.ts";
import { apply, defineOp, type Op } from "../core/op.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { alignArguments } from "../kinds/align.ts";
import { elementwise, elementwiseOp } from "../kinds/elementwise.ts";
import * as s from "../scalar/index.ts";
import type { Scalar } from "../scalar/scalar.ts";
import { add, div, mul, neg, reciprocal, sqrt, square, sub } from "./arithmetic.ts";
import { equal, greaterEqual, logicalAnd, where } from "./comparison.ts";
import { maskGreater, scale, scaleTangent } from "./masks.ts";
import { keepWhere } from "./scaling-maps.ts";
import { difference, sigmoid } from "./slopes.ts";

export { silu } from "./silu.ts";
export { sigmoid, tanh } from "./slopes.ts";

/** eˣ, elementwise. */
export const exp: Unary<"exp"> = elementwise(1, {
	name: "exp",
	formula: (x) => s.exp(x),
	partials: [(_, out) => out],
	dtype: floating,
	latex: (x) => `\\exp(${x})`,
	print: (x) => `np.exp(${x})`,
	traits: { overflows: true, sign: () => "positive" },
});

/** eˣ − 1, elementwise, exact for small x. */
export const expm1: Unary<"expm1"> = elementwise(1, {
	name: "expm1",
	formula: (x) => s.expm1(x),
	partials: [(x) => exp(x)],
	dtype: floating,
	latex: (x) => `\\exp(${x}) - 1`,
	print: (x) => `np.expm1(${x})`,
	traits: { overflows: true },
});

/** 2ˣ, elementwise. */
export const exp2: Unary<"exp2"> = elementwise(1, {
	name: "exp2",
	formula: (x) => s.exp2(x),
	partials: [(_, out) => mul(Math.LN2, out)],
	dtype: floating,
	latex: (x) => `2^{${x}}`,
	print: (x) => `np.exp2(${x})`,
	traits: { overflows: true, sign: () => "positive" },
});

/** The natural logarithm, elementwise; −∞ at 0, NaN below. */
export const log: Unary<"log"> = elementwise(1, {
	name: "log",
	formula: (x) => s.log(x),
	partials: [(x) => reciprocal(x)],
	dtype: floating,
	domain: [{ min: 0.25, max: 4 }],
	latex: (x) => `\\log(${x})`,
	print: (x) => `np.log(${x})`,
	traits: { finite: ([x]) => x === "positive" },
});

/** log(1 + x), elementwise, exact for small x; −∞ at −1, NaN below. */
export const log1p: Unary<"log1p"> = elementwise(1, {
	name: "log1p",
	formula: (x) => s.log1p(x),
	partials: [(x) => reciprocal(add(1, x))],
	dtype: floating,
	domain: [{ min: -0.75, max: 3 }],
	latex: (x) => `\\log(1 + ${x})`,
	print: (x) => `np.log1p(${x})`,
	traits: { finite: ([x]) => x !== "unknown" },
});

/** The logarithm to base 2, elementwise; −∞ at 0, NaN below. */
export const log2: Unary<"log2"> = elementwise(1, {
	name: "log2",
	formula: (x) => s.log2(x),
	partials: [(x) => div(Math.LOG2E, x)],
	dtype: floating,
	domain: [{ min: 0.25, max: 4 }],
	latex: (x) => `\\log_{2}(${x})`,
	print: (x) => `np.log2(${x})`,
	traits: { finite: ([x]) => x === "positive" },
});

/** The logarithm to base 10, elementwise; −∞ at 0, NaN below. */
export const log10: Unary<"log10"> = elementwise(1, {
	name: "log10",
	formula: (x) => s.log10(x),
	partials: [(x) => div(Math.LOG10E, x)],
	dtype: floating,
	domain: [{ min: 0.25, max: 4 }],
	latex: (x) => `\\log_{10}(${x})`,
	print: (x) => `np.log10(${x})`,
	traits: { finite: ([x]) => x === "positive" },
});

/** xʸ as NumPy has it: JavaScript's power is NaN where it is 1 here. */
function powerOf(x: Scalar, y: Scalar): Scalar {
	const isInfinite = s.equal(s.abs(y), Number.POSITIVE_INFINITY);
	const isOne = s.or(
		s.and(s.equal(s.abs(x), 1), isInfinite),
		s.and(s.equal(x, 1), s.notEqual(y, y)),
	);
	return s.select(isOne, 1, s.pow(x, y));
}

/** The least number above 0. */
const LEAST = 2 ** -1074;

/** What `power` is for int32. */
const integerPower: Op<"power", null> = elementwiseOp(2, {
	name: "power",
	// What is too small for float64 is no whole number either.
	formula: (x, y) => {
		const out = powerOf(x, y);
		return s.select(s.and(s.equal(out, 0), s.notEqual(x, 0)), LEAST, out);
	},
	partials: null,
	latex: (x, y) => `${x}^{${y}}`,
	print: (x, y) => `${x} ** ${y}`,
});

/** x to the power ½, of which −∞ has ∞ and −0 has 0. */
function root(x: Tensor): Tensor {
	const infinity = Number.POSITIVE_INFINITY;
	return sqrt(where(equal(x, -infinity), infinity, add(x, 0)));
}

/**
 * A power of a number that is known, as products and roots, within 2 ulp: a call for each element
 * takes ten times as long, and keeps the op from running as one with a product. Of higher powers
 * the rounding would show, and of other negative ones the overflow.
 */
function asProducts(x: Tensor, y: Tensor): Tensor | null {
	const isKnown = y.node === null && y.size > 0 && y.strides.every((stride) => stride === 0);
	if (!isKnown || !isFloat(x.dtype)) return null;
	switch (y.array[y.offset]) {
		case 2:
			return square(x);
		case 3:
			return mul(square(x), x);
		case 4:
			return square(square(x));
		case -1:
			return reciprocal(x);
		case 0.5:
			return root(x);
		case -0.5:
			return reciprocal(root(x));
		default:
			return null;
	}
}

/**
 * xʸ, elementwise; arguments broadcast. Integers give int32. As in NumPy x⁰ and 1ʸ are 1 whatever
 * the other argument, and a negative x to a power that is not whole is NaN.
 *
 * ∂x = y·xʸ⁻¹, exactly 0 where y = 0: a whole power is exact at x = 0 to any order. ∂y = xʸ·log x;
 * for x = 0 that is 0 where y ≥ 0 (0ʸ does not vary with y, but for its jump at 0⁰) and −∞ where
 * y < 0; NaN for negative x.
 * @throws DTypeError for integers when the result overflows or (y < 0) is not whole.
 */
export const power: Binary<"power"> = defineOp(
	elementwiseOp(2, {
		name: "power",
		formula: powerOf,
		partials: [
			(x, y) => scaleTangent(y, power(x, sub(y, 1))),
			(x, y, out) => scale(out, log(where(logicalAnd(equal(x, 0), greaterEqual(y, 0)), 1, x))),
		],
		domain: [
			{ min: 0.5, max: 2 },
			{ min: -2, max: 2 },
		],
		conventions: [
			{ at: [0, 0], partials: [0, 0] },
			{ at: [0, 1], partials: [1, 0] },
			{ at: [0, 2], partials: [0, 0] },
			// Not Number.NaN: a bundler takes reading a property for an effect, and would keep an op that
			// nobody uses.
			{ at: [-2, 2], partials: [-4, NaN] },
		],
		latex: (x, y) => `${x}^{${y}}`,
		print: (x, y) => `${x} ** ${y}`,
		traits: {
			raises: true,
			decompose: ([x, y]) => asProducts(x!, y!),
			finite: ([x], [, y]) => x === "positive" || (Number.isInteger(y) && y! >= 0),
		},
	}),
	(first: TensorLike, second: TensorLike): Tensor => {
		const [x, y] = alignArguments("power", [first, second], arithmetic);
		const isWhole = !isFloat(x!.dtype) && !isFloat(y!.dtype);
		return apply(isWhole ? integerPower : power.op, [x!, y!], null);
	},
);

/**
 * log(eˣ + eʸ), elementwise, without overflow; arguments broadcast. Each has the part of the
 * gradient that its term has of the sum; equal ones, infinite too, ½ each.
 */
export const logAddExp: Binary<"logAddExp"> = elementwise(2, {
	name: "logAddExp",
	formula: (x, y) => s.logAddExp(x, y),
	partials: [(x, y) => sigmoid(difference(x, y)), (x, y) => sigmoid(difference(y, x))],
	dtype: floating,
	latex: (x, y) => `\\log(\\exp(${x}) + \\exp(${y}))`,
	print: (x, y) => `np.logaddexp(${x}, ${y})`,
});

/** log(sigmoid(x)), elementwise, without overflow or underflow. */
export const logSigmoid: Unary<"logSigmoid"> = elementwise(1, {
	name: "logSigmoid",
	formula: (x) => s.neg(s.softplus(s.neg(x))),
	partials: [(x) => sigmoid(neg(x))],
	dtype: floating,
	latex: (x) => `\\log(\\sigma(${x}))`,
	print: (x) => `-np.logaddexp(0, -${x})`,
});

/** log(1 + eˣ), elementwise, without overflow: a smooth `relu`. */
export const softplus: Unary<"softplus"> = elementwise(1, {
	name: "softplus",
	formula: (x) => s.softplus(x),
	partials: [(x) => sigmoid(x)],
	dtype: floating,
	latex: (x) => `\\log(1 + \\exp(${x}))`,
	print: (x) => `np.logaddexp(0, ${x})`,
	traits: { sign: () => "positive" },
});

/**
 * x where it is positive, else 0, elementwise; the dtype stays. The derivative at 0 is 0, as is
 * usual for `relu`; `maximum(x, 0)` has 1 there.
 */
export const relu: Unary<"relu"> = elementwise(1, {
	name: "relu",
	formula: (x) => s.max(x, 0),
	partials: [(x) => keepWhere(maskGreater(x, 0))],
	domain: [{ avoid: [0] }],
	conventions: [{ at: [0], partials: [0] }],
	rule: "choice",
	remark: ([x]) => ({
		en: `At exactly $${x} = 0$ the derivative is taken to be 0, as is usual for relu; $\\max(${x}, 0)$ takes 1 there.`,
		zh: `在恰好 $${x} = 0$ 处，relu 的导数按惯例取 0；而 $\\max(${x}, 0)$ 在那里取 1。`,
	}),
	print: (x) => `np.maximum(${x}, 0)`,
	traits: { sign: () => "nonnegative" },
});
