import * as kind from "../core/argument-kinds.ts";
import { arithmetic, comparison } from "../core/lift.ts";
import { identity } from "../core/linear-map.ts";
import type { Tensor } from "../core/tensor.ts";
import { reduction } from "../kinds/reduction.ts";
import * as s from "../scalar/index.ts";
import type { Scalar } from "../scalar/scalar.ts";
import {
	type ReduceOptions,
	type Reduction,
	type ReductionRule,
	sliceSize,
} from "../structure/reduction.ts";
import { div, mul, sub } from "./arithmetic.ts";
import { direction } from "./direction.ts";
import { prodOthers } from "./other-products.ts";
import { shares } from "./shares.ts";

/**
 * The product over axes (all of them when none are given). It is carried with an exponent of its
 * own, so it over- or underflows only where the whole product does, whatever parts of it do; and so
 * is its gradient, `prodOthers`. The gradient is exact where elements are 0, to any order: it
 * multiplies the other elements and never divides. Int32 and bool give int32. The product of no
 * elements is 1.
 * @throws DTypeError when an int32 product overflows.
 */
export const prod: Reduction<"prod"> = reduction({
	name: "prod",
	formula: (x) => s.product(x),
	weights: (x, _, { axes }) => (axes.length === 0 ? identity : prodOthers(x, axes)),
	numpy: "x.prod",
	dtype: arithmetic,
	domain: { min: -1.5, max: 1.5 },
});

/**
 * The mean over axes (all of them when none are given). Int32 and bool give float64. The mean of no
 * elements is NaN.
 */
export const mean: Reduction<"mean"> = reduction({
	name: "mean",
	formula: (x) => s.div(s.total(x), s.n),
	weights: (x, _, { axes }) => 1 / sliceSize(x.shape, axes),
	numpy: "x.mean",
	traits: { sign: ([x]) => x!, linear: true, averages: ({ axes }) => axes },
	minSize: 1,
});

/** Options of `variance` and `std`. */
export type VarianceOptions = ReduceOptions & {
	/**
	 * The sum of squares is divided by n − ddof; left out: 0. 1 gives the unbiased estimate from a
	 * sample.
	 */
	readonly ddof?: number;
};

type VarianceParams = VarianceOptions & { readonly axes: readonly number[] };

/** A reduction of how far elements are from their mean. */
/* @__NO_SIDE_EFFECTS__ */
function deviation<Name extends string>(
	rule: ReductionRule<Name, VarianceOptions>,
): Reduction<Name, VarianceOptions> {
	return reduction({
		...rule,
		numbers: ({ ddof = 0 }) => [ddof],
		optionKinds: { ddof: kind.notNegative },
		options: (draw, n) => ({ ddof: n > 1 ? draw.integer(0, 1) : 0 }),
		printOptions: ({ ddof = 0 }) => (ddof === 0 ? [] : [`ddof=${ddof}`]),
		minSize: 1,
	});
}

/** n − ddof, or NaN where that leaves nothing to divide by. */
function freedom(n: number, { ddof = 0 }: VarianceOptions): number {
	return n > ddof ? n - ddof : Number.NaN;
}

/**
 * The mean square of the deviations. The mean is taken from the first element on, so that equal
 * ones deviate by exactly 0.
 */
function varianceOf(x: Scalar, ddof: Scalar): Scalar {
	const wide = s.double(x);
	const first = s.first(wide);
	const center = s.add(first, s.div(s.total(s.sub(wide, first)), s.n));
	const deviation = s.sub(wide, center);
	const freedom = s.select(s.greater(s.n, ddof), s.sub(s.n, ddof), Number.NaN);
	return s.div(s.total(s.mul(deviation, deviation)), freedom);
}

/** x less its mean. */
function centered(x: Tensor, { axes }: VarianceParams): Tensor {
	return sub(x, mean(x, axes, { keepDims: true }));
}

/**
 * The variance over axes (all of them when none are given): the mean square of the deviations from
 * the mean; with `ddof` the divisor is n − ddof. Int32 and bool give float64. NaN where n ≤ ddof,
 * so for no elements.
 * @throws DomainError when ddof is not a number from 0.
 */
export const variance: Reduction<"variance", VarianceOptions> = deviation({
	name: "variance",
	formula: varianceOf,
	weights: (x, _, params) =>
		mul(2 / freedom(sliceSize(x.shape, params.axes), params), centered(x, params)),
	numpy: "x.var",
	traits: { sign: () => "nonnegative" },
});

/**
 * The standard deviation over axes (all of them when none are given): the root of `variance`. Where
 * it is 0 the derivative is taken to be 0. Int32 and bool give float64. NaN where n ≤ ddof, so for
 * no elements.
 * @throws DomainError when ddof is not a number from 0.
 */
export const std: Reduction<"std", VarianceOptions> = deviation({
	name: "std",
	formula: (x, ddof) => s.sqrt(varianceOf(x, ddof)),
	weights: (x, out, params) =>
		direction(div(centered(x, params), freedom(sliceSize(x.shape, params.axes), params)), out),
	conventions: [{ at: [2, 2], weights: [0, 0] }],
	numpy: "x.std",
	distinct: true,
	stretch: 8,
	traits: { sign: () => "nonnegative" },
});

/**
 * The Euclidean norm over axes (all of them when none are given): √Σx², the Frobenius norm for a
 * matrix. Squares that would overflow or vanish are scaled. At 0 the derivative is taken to be 0.
 * Int32 and bool give float64. The norm of no elements is 0. A number is an axis, and never the p
 * of another norm.
 */
export const norm: Reduction<"norm"> = reduction({
	name: "norm",
	formula: (x) => {
		const wide = s.double(x);
		const squares = s.total(s.mul(wide, wide));
		// Beyond these, squares may have over- or underflowed, be it in float32: the elements are taken
		// as parts of the greatest. 0, ∞ and NaN are the length themselves.
		const isPlain = s.and(s.greater(squares, 1e-18), s.less(squares, 1e30));
		const greatest = s.max(s.greatest(s.abs(wide)), 0);
		const part = s.div(wide, greatest);
		const scaled = s.mul(greatest, s.sqrt(s.total(s.mul(part, part))));
		const isOrdinary = s.and(s.greater(greatest, 0), s.less(greatest, Number.POSITIVE_INFINITY));
		return s.select(isPlain, s.sqrt(squares), s.select(isOrdinary, scaled, greatest));
	},
	weights: direction,
	conventions: [{ at: [0, 0], weights: [0, 0] }],
	latex: (x) => `\\lVert ${x} \\rVert`,
	numpy: "norm",
	domain: { avoid: [0] },
	traits: { sign: () => "nonnegative" },
});

/**
 * log Σ exp(x) over axes (all of them when none are given), stable for elements of any size: the
 * greatest is taken out first. −∞ where all elements are −∞ or there are none; ∞ where one is ∞.
 * The derivative is `softmax`, and where the greatest elements are infinite, they share it equally:
 * the others have 0. A NaN shows in the value and in all of the gradient. Int32 and bool give
 * float64.
 */
export const logSumExp: Reduction<"logSumExp"> = reduction({
	name: "logSumExp",
	formula: (x) => {
		const greatest = s.greatest(x);
		// The greatest terms are exp(0) = 1 each; left to log1p, the others count even when they are
		// small.
		const isGreatest = s.equal(x, greatest);
		const others = s.total(s.select(isGreatest, 0, s.exp(s.sub(x, greatest))));
		const ties = s.total(isGreatest);
		return s.select(
			s.equal(s.abs(greatest), Number.POSITIVE_INFINITY),
			greatest,
			s.add(greatest, s.log1p(s.add(others, s.sub(ties, 1)))),
		);
	},
	weights: (x, _, { axes }) => shares(x, axes),
	proof: ([x]) => ({
		en: `The derivative of the logarithm by an element is $\\frac{\\exp(${x})}{\\sum \\exp(${x})}$ there: the softmax.`,
		zh: `该对数对某个元素的导数是该处的 $\\frac{\\exp(${x})}{\\sum \\exp(${x})}$，即 softmax。`,
	}),
	numpy: "logsumexp",
	minSize: 1,
});

/**
 * Whether all elements over axes (all of them when none are given) are other than 0, as a bool
 * tensor. Constant: no gradient.
 */
export const all: Reduction<"all"> = reduction({
	name: "all",
	formula: (x) => s.every(s.notEqual(x, 0)),
	weights: null,
	numpy: "x.all",
	dtype: comparison,
});

/**
 * Whether any element over axes (all of them when none are given) is other than 0, as a bool
 * tensor. Constant: no gradient.
 */
export const any: Reduction<"any"> = reduction({
	name: "any",
	formula: (x) => s.some(s.notEqual(x, 0)),
	weights: null,
	numpy: "x.any",
	dtype: comparison,
});
