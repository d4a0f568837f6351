import { type Binary, floating, type Unary } from "../../core/lift.ts";
import { elementwise } from "../../kinds/elementwise.ts";
import * as s from "../../scalar/index.ts";
import type { Scalar } from "../../scalar/scalar.ts";
import { add, div, neg, reciprocal, sub } from "../arithmetic.ts";
import { exp, expm1, log } from "../exponential.ts";
import { scale } from "../masks.ts";
import { difference } from "../slopes.ts";

/**
 * x·log(y), elementwise, and 0 where x = 0 unless y is NaN; arguments broadcast. ∂x = log(y), so −∞
 * at y = 0; ∂y = x/y, and exactly 0 where x = 0.
 */
export const xlogy: Binary<"xlogy"> = elementwise(2, {
	name: "xlogy",
	formula: (x, y) => s.select(s.and(s.equal(x, 0), s.equal(y, y)), 0, s.mul(x, s.log(y))),
	partials: [(_, y) => log(y), (x, y) => scale(x, reciprocal(y))],
	dtype: floating,
	domain: [{}, { min: 0.25, max: 4 }],
	conventions: [{ at: [0, 1], partials: [0, 0] }],
	latex: (x, y) => `${x} \\odot \\log(${y})`,
	print: (x, y) => `scaled(${x}, np.log(${y}))`,
	traits: { finite: ([, y]) => y === "positive" },
});

/**
 * log(x / (1 − x)), the inverse of `sigmoid`, elementwise, also near ½ to 4 units in the last
 * place; −∞ at 0, ∞ at 1 and NaN beyond.
 */
export const logit: Unary<"logit"> = elementwise(1, {
	name: "logit",
	formula: (x) => {
		const isCentral = s.lessEqual(s.abs(s.sub(x, 0.5)), 0.25);
		const near = s.mul(2, s.atanh(s.sub(s.mul(2, x), 1)));
		return s.select(isCentral, near, s.log(s.div(x, s.sub(1, x))));
	},
	partials: [(x) => add(reciprocal(x), reciprocal(sub(1, x)))],
	dtype: floating,
	domain: [{ min: 0.125, max: 0.875 }],
	latex: (x) => `\\log \\frac{${x}}{1 - ${x}}`,
	print: (x) => `np.log(${x} / (1 - ${x}))`,
	traits: { finite: () => false },
});

/** log(1 − e⁻ᵈ) for d > 0. */
const logOfRest = (d: Scalar) =>
	s.select(s.less(d, Math.LN2), s.log(s.neg(s.expm1(s.neg(d)))), s.log1p(s.neg(s.exp(s.neg(d)))));

/**
 * log(eˣ − eʸ) for x ≥ y, elementwise, without overflow; −∞ where they are equal, NaN where x < y.
 * Arguments broadcast. ∂x = 1 / (1 − eʸ⁻ˣ) and ∂y = 1 − ∂x.
 */
export const logSubExp: Binary<"logSubExp"> = elementwise(2, {
	name: "logSubExp",
	formula: (x, y) => {
		const isNothing = s.and(s.equal(x, y), s.less(x, Number.POSITIVE_INFINITY));
		return s.select(isNothing, Number.NEGATIVE_INFINITY, s.add(x, logOfRest(s.sub(x, y))));
	},
	partials: [
		(x, y) => neg(reciprocal(expm1(difference(y, x)))),
		(x, y) => div(exp(difference(y, x)), expm1(difference(y, x))),
	],
	dtype: floating,
	domain: [
		{ min: 1, max: 2 },
		{ min: -1, max: 0.5 },
	],
	latex: (x, y) => `\\log(\\exp(${x}) - \\exp(${y}))`,
	print: (x, y) => `${x} + np.log(-np.expm1(${y} - ${x}))`,
	traits: { finite: () => false },
});
