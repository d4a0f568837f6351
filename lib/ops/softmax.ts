import { linearMap } from "../core/linear-map.ts";
import { type Normalization, normalization } from "../kinds/normalization.ts";
import * as s from "../scalar/index.ts";
import { sum } from "../structure/broadcasting.ts";
import { sub } from "./arithmetic.ts";
import { exp } from "./exponential.ts";
import { scale } from "./masks.ts";
import { softmaxMap } from "./softmax-map.ts";

/**
 * exp(x) / Σ exp(x) along an axis (the last one unless said) or several, stable for elements of any
 * size. Int32 and bool give float64. A slice of which all elements are −∞, or one is ∞ or NaN,
 * gives NaN.
 * @throws ShapeError for an axis out of range: a scalar has none.
 */
export const softmax: Normalization<"softmax"> = normalization({
	name: "softmax",
	formula: (x) => {
		const e = s.exp(s.sub(x, s.greatest(x)));
		return s.div(e, s.total(e));
	},
	differential: softmaxMap,
	proof: ([x], y) => ({
		en: `The differential comes from $\\log(${y}) = ${x} - \\log \\sum \\exp(${x})$. The change of $${y}$, divided by $${y}$, is the change of $${x}$ minus the change of $\\log \\sum \\exp(${x})$. The derivative of the logarithm by an element of $${x}$ is $\\frac{\\exp(${x})}{\\sum \\exp(${x})}$ there, which is an element of $${y}$.`,
		zh: `这个微分来自 $\\log(${y}) = ${x} - \\log \\sum \\exp(${x})$：$${y}$ 的改变量除以 $${y}$，等于 $${x}$ 的改变量减去 $\\log \\sum \\exp(${x})$ 的改变量；而该对数对 $${x}$ 的某个元素的导数是该处的 $\\frac{\\exp(${x})}{\\sum \\exp(${x})}$，也就是 $${y}$ 的元素。`,
	}),
	traits: { sign: () => "positive", distribution: ({ axes }) => axes },
});

/**
 * log(exp(x) / Σ exp(x)) along an axis (the last one unless said) or several, stable for elements
 * of any size. Int32 and bool give float64. A slice of which all elements are −∞, or one is ∞ or
 * NaN, gives NaN.
 * @throws ShapeError for an axis out of range: a scalar has none.
 */
export const logSoftmax: Normalization<"logSoftmax"> = normalization({
	name: "logSoftmax",
	formula: (x) => {
		const greatest = s.greatest(x);
		const total = s.total(s.exp(s.sub(x, greatest)));
		return s.sub(s.sub(s.double(x), greatest), s.log(total));
	},
	differential: (_, out, axes) => {
		const y = exp(out);
		return linearMap(
			"logSoftmax",
			(dx) => sub(dx, sum(scale(dx, y), axes, { keepDims: true })),
			(g) => sub(g, scale(sum(g, axes, { keepDims: true }), y)),
		);
	},
	proof: ([x], y) => ({
		en: `The differential comes from $${y} = ${x} - \\log \\sum \\exp(${x})$: the derivative of the logarithm is $\\frac{\\exp(${x})}{\\sum \\exp(${x})}$, which is $\\exp(${y})$.`,
		zh: `这个微分来自 $${y} = ${x} - \\log \\sum \\exp(${x})$：对数项的导数是 $\\frac{\\exp(${x})}{\\sum \\exp(${x})}$，也就是 $\\exp(${y})$。`,
	}),
	numpy: "log_softmax",
	traits: { roundsBesideOne: true },
});
