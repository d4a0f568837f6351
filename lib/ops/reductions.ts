import type { Storage } from "../core/dtype.ts";
import { DomainError } from "../core/error.ts";
import { arithmetic, comparison } from "../core/lift.ts";
import { identity } from "../core/linear-map.ts";
import type { Tensor } from "../core/tensor.ts";
import { firstGreatest } from "../kernels/first.ts";
import { pairwise, pairwiseColumnSums, pairwiseSum } from "../kernels/pairwise.ts";
import { scaledProduct } from "../kernels/scaled-product.ts";
import {
	type ReduceOptions,
	type Reduction,
	type ReductionRule,
	reduction,
	sliceSize,
} from "../kinds/reduction.ts";
import { composed } from "../notation/plain.ts";
import { add, div, mul, sqrt, square, sub } from "./arithmetic.ts";
import { sum } from "./broadcasting.ts";
import { direction } from "./direction.ts";
import { exp, log } from "./exponential.ts";
import { max } from "./extremes.ts";
import { squeeze } from "./layout.ts";
import { prodOthers } from "./other-products.ts";
import { softmax } from "./softmax.ts";

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
	evaluate: scaledProduct,
	weights: (x, _, { axes }) => (axes.length === 0 ? identity : prodOthers(x, axes)),
	plain: { start: "1", next: (total, x) => `${total} *= ${x}` },
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
	evaluate: (x, start, n) => pairwiseSum(x, start, n) / n,
	evaluateColumns: (x, start, n, stride, width) =>
		pairwiseColumnSums(x, start, n, stride, width).map((total) => total / n),
	weights: (x, _, { axes }) => 1 / sliceSize(x.shape, axes),
	plain: {
		start: "0",
		next: (total, x) => `${total} += ${x}`,
		finish: (total, n) => `${total} / ${n}`,
	},
	numpy: "x.mean",
	traits: { sign: ([x]) => x!, linear: true },
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
		check: (_, { ddof = 0 }) => {
			if (Number.isFinite(ddof) && ddof >= 0) return;
			throw new DomainError(`${rule.name}: expected ddof to be a number from 0, got ${ddof}`);
		},
		options: (draw, n) => ({ ddof: n > 1 ? draw.integer(0, 1) : 0 }),
		printOptions: ({ ddof = 0 }) => (ddof === 0 ? [] : [`ddof=${ddof}`]),
		minSize: 1,
	});
}

/** n − ddof, or NaN where that leaves nothing to divide by. */
function freedom(n: number, { ddof = 0 }: VarianceOptions): number {
	return n > ddof ? n - ddof : Number.NaN;
}

function varianceOf(x: Storage, start: number, n: number, params: VarianceOptions): number {
	// The mean is taken from the first element on, so that equal elements deviate by exactly 0.
	const first = x[start]!;
	const shift = pairwise(start, n, (from, count) => {
		let total = 0;
		for (let i = from; i < from + count; i++) total += x[i]! - first;
		return total;
	});
	return squaresAround(x, start, n, first + shift / n) / freedom(n, params);
}

/** Σ (x − center)², pairwise. */
function squaresAround(x: Storage, start: number, n: number, center: number): number {
	return pairwise(start, n, (from, count) => {
		let total = 0;
		for (let i = from; i < from + count; i++) total += (x[i]! - center) * (x[i]! - center);
		return total;
	});
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
	evaluate: varianceOf,
	weights: (x, _, params) =>
		mul(2 / freedom(sliceSize(x.shape, params.axes), params), centered(x, params)),
	plain: composed((x, params) => {
		const total = sum(square(centered(x, params)), params.axes, { keepDims: params.keepDims });
		return div(total, freedom(sliceSize(x.shape, params.axes), params));
	}),
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
	evaluate: (x, start, n, params) => Math.sqrt(varianceOf(x, start, n, params)),
	weights: (x, out, params) =>
		direction(div(centered(x, params), freedom(sliceSize(x.shape, params.axes), params)), out),
	conventions: [{ at: [2, 2], weights: [0, 0] }],
	plain: composed((x, params) => sqrt(variance(x, params.axes, params))),
	numpy: "x.std",
	distinct: true,
	stretch: 8,
	traits: { sign: () => "nonnegative" },
});

/**
 * The Euclidean norm over axes (all of them when none are given): √Σx², the Frobenius norm for a
 * matrix. Squares that would overflow or vanish are scaled. At 0 the derivative is taken to be 0.
 * Int32 and bool give float64. The norm of no elements is 0.
 */
export const norm: Reduction<"norm"> = reduction({
	name: "norm",
	evaluate: (x, start, n) => {
		const square = squaresAround(x, start, n, 0);
		if (square > 1e-280 && square < 1e280) return Math.sqrt(square);
		const [greatest, unit] = scaled(x, start, n);
		if (greatest === 0 || !Number.isFinite(greatest)) return greatest;
		return greatest * Math.sqrt(squaresAround(unit, 0, n, 0));
	},
	weights: direction,
	conventions: [{ at: [0, 0], weights: [0, 0] }],
	latex: (x) => `\\lVert ${x} \\rVert`,
	plain: {
		start: "0",
		next: (total, x) => `${total} += ${x} ** 2`,
		finish: (total) => `Math.sqrt(${total})`,
	},
	numpy: "norm",
	domain: { avoid: [0] },
	traits: { sign: () => "nonnegative" },
});

/** The greatest size of an element (NaN if one is NaN), and the elements as parts of it. */
function scaled(x: Storage, start: number, n: number): [number, Float64Array] {
	const unit = Float64Array.from(x.subarray(start, start + n), Math.abs);
	const greatest = unit.reduce((a, b) => Math.max(a, b), 0);
	return [greatest, unit.map((value) => value / greatest)];
}

/**
 * log Σ exp(x) over axes (all of them when none are given), stable for elements of any size: the
 * greatest is taken out first. Its derivative is `softmax`. −∞ where all elements are −∞ or there
 * are none; ∞ where one is ∞. Int32 and bool give float64.
 */
export const logSumExp: Reduction<"logSumExp"> = reduction({
	name: "logSumExp",
	evaluate: (x, start, n) => {
		const at = firstGreatest(x, start, n);
		const greatest = n === 0 ? Number.NEGATIVE_INFINITY : x[at]!;
		if (Math.abs(greatest) === Number.POSITIVE_INFINITY) return greatest;
		// The greatest term is exp(0) = 1; left to log1p, the others count even when they are small.
		let others = 0;
		for (let i = start; i < start + n; i++) if (i !== at) others += Math.exp(x[i]! - greatest);
		return greatest + Math.log1p(others);
	},
	weights: (x, _, { axes }) => softmax(x, axes),
	plain: composed((x, { axes, keepDims }) => {
		const greatest = max(x, axes, { keepDims: true });
		const total = sum(exp(sub(x, greatest)), axes, { keepDims: true });
		const out = add(greatest, log(total));
		return keepDims ? out : squeeze(out, axes);
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
	evaluate: (x, start, n) => {
		for (let i = start; i < start + n; i++) if (x[i] === 0) return 0;
		return 1;
	},
	weights: null,
	plain: { start: "1", next: (every, x) => `if (${x} === 0) ${every} = 0` },
	numpy: "x.all",
	dtype: comparison,
});

/**
 * Whether any element over axes (all of them when none are given) is other than 0, as a bool
 * tensor. Constant: no gradient.
 */
export const any: Reduction<"any"> = reduction({
	name: "any",
	evaluate: (x, start, n) => {
		for (let i = start; i < start + n; i++) if (x[i] !== 0) return 1;
		return 0;
	},
	weights: null,
	plain: { start: "0", next: (some, x) => `if (${x} !== 0) ${some} = 1` },
	numpy: "x.any",
	dtype: comparison,
});
