import { type Binary, floating, type Ternary, type Unary } from "../core/lift.ts";
import type { Remark } from "../core/rule.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Sign } from "../core/traits.ts";
import { elementwise } from "../kinds/elementwise.ts";
import { isNumeral } from "../notation/embed.ts";
import { elementwiseProduct, quotient } from "../notation/mathematics.ts";
import * as s from "../scalar/index.ts";
import { equal, where } from "./comparison.ts";
import { maskGreater, maskGreaterEqual } from "./masks.ts";
import { keepWhere } from "./scaling-maps.ts";

/** x + y, elementwise; arguments broadcast. */
export const add: Binary<"add"> = elementwise(2, {
	name: "add",
	formula: (x, y) => s.add(x, y),
	partials: [() => 1, () => 1],
	latex: (x, y) => `${x} + ${y}`,
	print: (x, y) => `${x} + ${y}`,
	traits: { algebra: { coefficients: [1, 1] } },
});

/** x − y, elementwise; arguments broadcast. */
export const sub: Binary<"sub"> = elementwise(2, {
	name: "sub",
	formula: (x, y) => s.sub(x, y),
	partials: [() => 1, () => -1],
	latex: (x, y) => `${x} - ${y}`,
	print: (x, y) => `${x} - ${y}`,
	traits: { algebra: { coefficients: [1, -1] } },
});

/** x · y, elementwise; arguments broadcast. The matrix product is `dot`. */
export const mul: Binary<"mul"> = elementwise(2, {
	name: "mul",
	formula: (x, y) => s.mul(x, y),
	partials: [(_, y) => y, (x) => x],
	latex: elementwiseProduct,
	print: (x, y) => `${x} * ${y}`,
	traits: { algebra: { powers: [1, 1] } },
});

/**
 * x / y, elementwise; arguments broadcast. Integers give float64, and x / 0 is ±∞ or NaN, as in
 * NumPy.
 */
export const div: Binary<"div"> = elementwise(2, {
	name: "div",
	formula: (x, y) => s.div(x, y),
	partials: [(_, y) => reciprocal(y), (_, y, out) => neg(div(out, y))],
	dtype: floating,
	domain: [{}, { avoid: [0] }],
	latex: quotient,
	print: (x, y) => `${x} / ${y}`,
	traits: { algebra: { powers: [1, -1] } },
});

/** −x, elementwise. */
export const neg: Unary<"neg"> = elementwise(1, {
	name: "neg",
	formula: (x) => s.neg(x),
	partials: [() => -1],
	latex: (x) => `-${x}`,
	print: (x) => `-${x}`,
	traits: { algebra: { coefficients: [-1] } },
});

/** x², elementwise. */
export const square: Unary<"square"> = elementwise(1, {
	name: "square",
	formula: (x) => s.mul(x, x),
	partials: [(x) => mul(2, x)],
	latex: (x) => `${x}^{2}`,
	print: (x) => `np.square(${x})`,
	traits: { algebra: { powers: [2] }, mirror: "even" },
});

/** 1 / x, elementwise. */
export const reciprocal: Unary<"reciprocal"> = elementwise(1, {
	name: "reciprocal",
	formula: (x) => s.div(1, x),
	partials: [(_, out) => neg(square(out))],
	dtype: floating,
	domain: [{ avoid: [0] }],
	latex: (x) => `\\frac{1}{${x}}`,
	print: (x) => `1 / ${x}`,
	traits: { algebra: { powers: [-1] } },
});

const SIGNS: readonly Sign[] = ["unknown", "nonnegative", "positive"];

/** The sign of the greater: the most that is known of one of them. */
function greatest(signs: readonly Sign[]): Sign {
	return SIGNS.findLast((sign) => signs.includes(sign))!;
}

/** The sign of the smaller: what is known of all of them. */
function least(signs: readonly Sign[]): Sign {
	return SIGNS.find((sign) => signs.includes(sign))!;
}

/** What happens where the two arguments are equal. */
function tie(x: string, y: string, [en, zh]: readonly [string, string]): Remark {
	const other = isNumeral(y) ? null : y;
	return {
		en: `Where $${x} = ${y}$ exactly, $${x}$ counts as the ${en}: its gradient is kept there, with the factor 1${other === null ? "" : `, and $${other}$ gets 0`}.`,
		zh: `在恰好 $${x} = ${y}$ 处，约定以 $${x}$ 为较${zh}者：它的梯度在那里保留，系数取 1${other === null ? "" : `，而 $${other}$ 得到 0`}。`,
	};
}

/**
 * The greater of x and y, elementwise; arguments broadcast. At a tie the whole gradient goes to x,
 * so `maximum(h, 0)` keeps the gradient where h ≥ 0. A NaN in either shows in the value and in both
 * gradients.
 */
export const maximum: Binary<"maximum"> = elementwise(2, {
	name: "maximum",
	formula: (x, y) => s.max(x, y),
	partials: [(x, y) => keepWhere(maskGreaterEqual(x, y)), (x, y) => keepWhere(maskGreater(y, x))],
	distinct: true,
	conventions: [{ at: [1, 1], partials: [1, 0] }],
	latex: (x, y) => `\\max(${x}, ${y})`,
	rule: "choice",
	remark: ([x, y]) => tie(x!, y!, ["greater", "大"]),
	print: (x, y) => `np.maximum(${x}, ${y})`,
	traits: {
		sign: (signs) => greatest(signs),
		picks: ([x, y]) => [maskGreaterEqual(x!, y!), maskGreaterEqual(y!, x!)],
	},
});

/** The smaller of x and y, elementwise; arguments broadcast. Ties and NaN as with `maximum`. */
export const minimum: Binary<"minimum"> = elementwise(2, {
	name: "minimum",
	formula: (x, y) => s.min(x, y),
	partials: [(x, y) => keepWhere(maskGreaterEqual(y, x)), (x, y) => keepWhere(maskGreater(x, y))],
	distinct: true,
	conventions: [{ at: [1, 1], partials: [1, 0] }],
	latex: (x, y) => `\\min(${x}, ${y})`,
	rule: "choice",
	remark: ([x, y]) => tie(x!, y!, ["smaller", "小"]),
	print: (x, y) => `np.minimum(${x}, ${y})`,
	traits: {
		sign: (signs) => least(signs),
		picks: ([x, y]) => [maskGreaterEqual(y!, x!), maskGreaterEqual(x!, y!)],
	},
});

/**
 * x kept between `low` and `high`, elementwise: minimum(maximum(x, low), high), so where low > high
 * the result is `high`. Arguments broadcast. At a bound the gradient stays with x; beyond it, it
 * goes to the bound; where the bounds leave x no room, to `high`, unless x is below and they are
 * equal. A NaN in any argument shows in the value and in all gradients.
 */
export const clip: Ternary<"clip"> = elementwise(3, {
	name: "clip",
	formula: (x, low, high) => s.min(s.max(x, low), high),
	partials: [
		(x, low, high) => keepWhere(maskInside(x, low, high)),
		(x, low, high) => keepWhere(maskBelow(x, low, high)),
		(x, low, high) => keepWhere(sub(1, add(maskInside(x, low, high), maskBelow(x, low, high)))),
	],
	distinct: true,
	conventions: [
		{ at: [1, 1, 2], partials: [1, 0, 0] },
		{ at: [2, 1, 2], partials: [1, 0, 0] },
		{ at: [1, 1, 1], partials: [0, 0, 1] },
		{ at: [0, 1, 1], partials: [0, 1, 0] },
		{ at: [2, 1, 1], partials: [0, 0, 1] },
		{ at: [2, 2, 1], partials: [0, 0, 1] },
	],
	rule: "choice",
	remark: ([x]) => ({
		en: `At a bound itself the gradient stays with $${x}$; beyond it, $${x}$ has no influence and gets 0.`,
		zh: `恰在边界上时，梯度仍归 $${x}$；越过边界后 $${x}$ 不再起作用，梯度为 0。`,
	}),
	print: (x, low, high) => `np.clip(${x}, ${low}, ${high})`,
	traits: {
		sign: ([x, low, high]) => least([greatest([x!, low!]), high!]),
		picks: ([x, low, high]) => [
			mul(maskGreaterEqual(x!, low!), maskGreaterEqual(high!, x!)),
			mul(maskGreaterEqual(low!, x!), maskGreaterEqual(high!, low!)),
			maskGreaterEqual(maximum(x!, low!), high!),
		],
	},
});

/** Where a clipped x is the result; with low = high it is constant. */
function maskInside(x: Tensor, low: Tensor, high: Tensor): Tensor {
	return mul(mul(maskGreaterEqual(x, low), maskGreaterEqual(high, x)), maskGreater(high, low));
}

/** Where the lower bound is the result. */
function maskBelow(x: Tensor, low: Tensor, high: Tensor): Tensor {
	return mul(maskGreater(low, x), maskGreaterEqual(high, low));
}

/**
 * √x, elementwise; NaN below 0. At 0 the derivative is ∞; a branch that `where` cuts off still
 * contributes 0.
 */
export const sqrt: Unary<"sqrt"> = elementwise(1, {
	name: "sqrt",
	formula: (x) => s.sqrt(x),
	partials: [(_, out) => div(0.5, out)],
	dtype: floating,
	domain: [{ min: 0.25, max: 4 }],
	latex: (x) => `\\sqrt{${x}}`,
	print: (x) => `np.sqrt(${x})`,
	traits: {
		sign: ([x]) => (x === "positive" ? x : "nonnegative"),
		finite: ([x]) => x !== "unknown",
	},
});

/** |x|, elementwise. The derivative at 0 is 0. */
export const abs: Unary<"abs"> = elementwise(1, {
	name: "abs",
	formula: (x) => s.abs(x),
	partials: [(x) => sign(x)],
	domain: [{ avoid: [0] }],
	conventions: [{ at: [0], partials: [0] }],
	latex: (x) => `\\lvert ${x} \\rvert`,
	remark: ([x]) => ({
		en: `At exactly $${x} = 0$ the derivative is taken to be 0.`,
		zh: `在恰好 $${x} = 0$ 处，导数约定取 0。`,
	}),
	print: (x) => `np.abs(${x})`,
	traits: { sign: () => "nonnegative", mirror: "even" },
});

/** −1, 0 or 1 with the sign of x, elementwise; NaN stays NaN. Constant: no gradient. */
export const sign: Unary<"sign"> = elementwise(1, {
	name: "sign",
	formula: (x) => s.sign(x),
	partials: null,
	domain: [{ avoid: [0] }],
	print: (x) => `np.sign(${x})`,
	traits: { mirror: "odd", unitBy: () => abs.op },
});

/**
 * The remainder of x / y, elementwise, with the sign of y as in NumPy and Python: x − y·⌊x/y⌋; a
 * remainder of 0 has that sign too. Arguments broadcast. d out = dx − ⌊x/y⌋·dy; at the jumps the
 * derivative is that of the piece to which the value belongs. Floats give NaN for y = 0.
 * @throws DTypeError for integers and y = 0.
 */
export const mod: Binary<"mod"> = elementwise(2, {
	name: "mod",
	formula: (x, y) => s.floorMod(x, y),
	// From the result, because x / y itself may round up to the next whole number. It is y itself
	// where x is a little on the other side of 0, and y may be infinite then.
	partials: [() => 1, (x, y, out) => where(equal(out, y), 1, round(div(sub(out, x), y)))],
	domain: [
		{ min: 5.25, max: 5.75 },
		{ min: 2, max: 2.5 },
	],
	conventions: [
		{ at: [4, 2], partials: [1, -2] },
		{ at: [-4, 2], partials: [1, 2] },
	],
	latex: (x, y) => `${x} \\bmod ${y}`,
	print: (x, y) => `np.mod(${x}, ${y})`,
	traits: { finite: ([, y]) => y === "positive" },
});

/** The greatest whole number not above x, elementwise; the dtype stays. Constant: no gradient. */
export const floor: Unary<"floor"> = elementwise(1, {
	name: "floor",
	formula: (x) => s.floor(x),
	partials: null,
	domain: [{ min: -2, max: 2, avoid: [-2, -1, 0, 1, 2] }],
	latex: (x) => `\\lfloor ${x} \\rfloor`,
	print: (x) => `np.floor(${x})`,
});

/** The least whole number not below x, elementwise; the dtype stays. Constant: no gradient. */
export const ceil: Unary<"ceil"> = elementwise(1, {
	name: "ceil",
	formula: (x) => s.ceil(x),
	partials: null,
	domain: [{ min: -2, max: 2, avoid: [-2, -1, 0, 1, 2] }],
	latex: (x) => `\\lceil ${x} \\rceil`,
	print: (x) => `np.ceil(${x})`,
});

/**
 * The nearest whole number, elementwise; halves go to the even one, as in NumPy: 0.5 gives 0 and
 * 1.5 gives 2. The dtype stays. Constant: no gradient.
 */
export const round: Unary<"round"> = elementwise(1, {
	name: "round",
	formula: (x) => s.round(x),
	partials: null,
	domain: [{ min: -2, max: 2, avoid: [-1.5, -0.5, 0.5, 1.5] }],
	print: (x) => `np.round(${x})`,
});
