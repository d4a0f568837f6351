import { DTypeError } from "../core/error.ts";
import {
	asTensor,
	type Binary,
	commonArgumentDType,
	comparison,
	type Ternary,
	type Unary,
} from "../core/lift.ts";
import { LinearMap } from "../core/linear-map.ts";
import { apply, defineOp } from "../core/op.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { alignArguments } from "../kinds/align.ts";
import { elementwise, elementwiseOp } from "../kinds/elementwise.ts";
import * as s from "../scalar/index.ts";

/**
 * x = y, elementwise, as a bool tensor; NaN equals nothing. Arguments broadcast. Constant: no
 * gradient.
 */
export const equal: Binary<"equal"> = elementwise(2, {
	name: "equal",
	formula: (x, y) => s.equal(x, y),
	partials: null,
	dtype: comparison,
	latex: (x, y) => `[${x} = ${y}]`,
	print: (x, y) => `${x} == ${y}`,
	traits: { holds: ["="] },
});

/**
 * x ≠ y, elementwise, as a bool tensor; NaN differs from everything. Arguments broadcast. Constant:
 * no gradient.
 */
export const notEqual: Binary<"notEqual"> = elementwise(2, {
	name: "notEqual",
	formula: (x, y) => s.notEqual(x, y),
	partials: null,
	dtype: comparison,
	latex: (x, y) => `[${x} \\ne ${y}]`,
	print: (x, y) => `${x} != ${y}`,
	traits: { holds: ["<", ">"] },
});

/**
 * x < y, elementwise, as a bool tensor; false beside NaN. Arguments broadcast. Constant: no
 * gradient.
 */
export const less: Binary<"less"> = elementwise(2, {
	name: "less",
	formula: (x, y) => s.less(x, y),
	partials: null,
	dtype: comparison,
	latex: (x, y) => `[${x} < ${y}]`,
	print: (x, y) => `${x} < ${y}`,
	traits: { holds: ["<"] },
});

/**
 * x ≤ y, elementwise, as a bool tensor; false beside NaN. Arguments broadcast. Constant: no
 * gradient.
 */
export const lessEqual: Binary<"lessEqual"> = elementwise(2, {
	name: "lessEqual",
	formula: (x, y) => s.lessEqual(x, y),
	partials: null,
	dtype: comparison,
	latex: (x, y) => `[${x} \\le ${y}]`,
	print: (x, y) => `${x} <= ${y}`,
	traits: { holds: ["<", "="] },
});

/**
 * x > y, elementwise, as a bool tensor; false beside NaN. Arguments broadcast. Constant: no
 * gradient.
 */
export const greater: Binary<"greater"> = elementwise(2, {
	name: "greater",
	formula: (x, y) => s.greater(x, y),
	partials: null,
	dtype: comparison,
	latex: (x, y) => `[${x} > ${y}]`,
	print: (x, y) => `${x} > ${y}`,
	traits: { holds: [">"] },
});

/**
 * x ≥ y, elementwise, as a bool tensor; false beside NaN. Arguments broadcast. Constant: no
 * gradient.
 */
export const greaterEqual: Binary<"greaterEqual"> = elementwise(2, {
	name: "greaterEqual",
	formula: (x, y) => s.greaterEqual(x, y),
	partials: null,
	dtype: comparison,
	latex: (x, y) => `[${x} \\ge ${y}]`,
	print: (x, y) => `${x} >= ${y}`,
	traits: { holds: [">", "="] },
});

/**
 * True where both are; whatever is not 0 counts as true, NaN too. Arguments broadcast. Constant: no
 * gradient.
 */
export const logicalAnd: Binary<"logicalAnd"> = elementwise(2, {
	name: "logicalAnd",
	formula: (x, y) => s.and(s.notEqual(x, 0), s.notEqual(y, 0)),
	partials: null,
	dtype: comparison,
	latex: (x, y) => `${x} \\land ${y}`,
	print: (x, y) => `np.logical_and(${x}, ${y})`,
});

/**
 * True where at least one is; truth as in `logicalAnd`. Arguments broadcast. Constant: no gradient.
 */
export const logicalOr: Binary<"logicalOr"> = elementwise(2, {
	name: "logicalOr",
	formula: (x, y) => s.or(s.notEqual(x, 0), s.notEqual(y, 0)),
	partials: null,
	dtype: comparison,
	latex: (x, y) => `${x} \\lor ${y}`,
	print: (x, y) => `np.logical_or(${x}, ${y})`,
});

/**
 * True where exactly one is; truth as in `logicalAnd`. Arguments broadcast. Constant: no gradient.
 */
export const logicalXor: Binary<"logicalXor"> = elementwise(2, {
	name: "logicalXor",
	formula: (x, y) => s.xor(s.notEqual(x, 0), s.notEqual(y, 0)),
	partials: null,
	dtype: comparison,
	latex: (x, y) => `[${x} \\ne ${y}]`,
	print: (x, y) => `np.logical_xor(${x}, ${y})`,
});

/** True where x is 0 or false, elementwise. Constant: no gradient. */
export const logicalNot: Unary<"logicalNot"> = elementwise(1, {
	name: "logicalNot",
	formula: (x) => s.equal(x, 0),
	partials: null,
	dtype: comparison,
	latex: (x) => `\\lnot ${x}`,
	print: (x) => `np.logical_not(${x})`,
});

/** True where x is NaN, elementwise. Constant: no gradient. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: NumPy's name, and this file does not use the global one
export const isNaN: Unary<"isNaN"> = elementwise(1, {
	name: "isNaN",
	formula: (x) => s.notEqual(x, x),
	partials: null,
	dtype: comparison,
	print: (x) => `np.isnan(${x})`,
});

/** True where x is neither NaN nor ±∞, elementwise. Constant: no gradient. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: NumPy's name, and this file does not use the global one
export const isFinite: Unary<"isFinite"> = elementwise(1, {
	name: "isFinite",
	formula: (x) => s.less(s.abs(x), Number.POSITIVE_INFINITY),
	partials: null,
	dtype: comparison,
	print: (x) => `np.isfinite(${x})`,
});

/** True where x is ∞ or −∞, elementwise. Constant: no gradient. */
export const isInf: Unary<"isInf"> = elementwise(1, {
	name: "isInf",
	formula: (x) => s.equal(s.abs(x), Number.POSITIVE_INFINITY),
	partials: null,
	dtype: comparison,
	print: (x) => `np.isinf(${x})`,
});

/**
 * x where the condition is true, y elsewhere, elementwise; all three broadcast. x and y meet in a
 * common dtype; a number takes the dtype of the other, and two numbers give float64. The branch
 * that is not taken contributes exactly 0 to a derivative of any order, even where its own
 * derivative is infinite or NaN: `where(x.greater(0), x.log(), 0)` is safe at 0.
 * @throws DTypeError when the condition is not bool.
 */
export const where: Ternary<"where"> = defineOp(
	elementwiseOp(3, {
		name: "where",
		formula: (condition, x, y) => s.select(s.notEqual(condition, 0), x, y),
		partials: [
			() => 0,
			(condition) => new LinearMap("where", (dx): Tensor => where(condition, dx, 0)),
			(condition) => new LinearMap("where not", (dy): Tensor => where(condition, 0, dy)),
		],
		dtype: { lift: (common) => common, result: (common) => common },
		rule: "choice",
		remark: () => ({
			en: "The branch that was not taken gets exactly 0, even where its own derivative is infinite.",
			zh: "没有被选中的分支得到的梯度恰好是 0，即使它自身的导数在那里为无穷大。",
		}),
		print: (condition, x, y) => `np.where(${condition}, ${x}, ${y})`,
		traits: { branches: [1, 2] },
		sample: (draw) => {
			const shape = draw.shape();
			const condition = greater(draw.tensor(shape), 0);
			return { inputs: [condition, draw.tensor(shape), draw.tensor(shape)], params: null };
		},
	}),
	(condition: TensorLike, x: TensorLike, y: TensorLike): Tensor => {
		const test = asTensor("where", condition);
		if (test.dtype !== "bool") {
			throw new DTypeError(
				`where: expected a bool condition, got ${test.dtype}; compare first, for example with .notEqual(0)`,
			);
		}
		const dtype = commonArgumentDType("where", [x, y]);
		const rule = { lift: () => dtype, result: () => dtype };
		return apply(where.op, alignArguments("where", [test, x, y], rule), null);
	},
);
