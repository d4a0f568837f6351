import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { DomainError, ShapeError } from "../../core/error.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { checkOptions, describe, type OptionKinds } from "../../core/options.ts";
import { type Axes, normalizeAxes, reducedShape, type Shape, showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { permute, reshape } from "../../structure/layout.ts";
import type { ReduceOptions } from "../../structure/reduction.ts";
import { add, mul } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { isNaN as isMissing, where } from "../comparison.ts";
import { stack } from "../joining.ts";
import { slice } from "../slicing.ts";
import { sort } from "../sorting.ts";

/**
 * Where a quantile lies between elements: `linear` at (n − 1)·q, `lower`, `higher`, `nearest` (to
 * even) and `midpoint` from there; `hazen`, `weibull`, `medianUnbiased` and `normalUnbiased` at
 * other places, as NumPy has them.
 */
export type QuantileMethod =
	| "linear"
	| "lower"
	| "higher"
	| "nearest"
	| "midpoint"
	| "hazen"
	| "weibull"
	| "medianUnbiased"
	| "normalUnbiased";

/** Options of `quantile`. */
export type QuantileOptions = ReduceOptions & {
	/** Left out: linear. */
	readonly method?: QuantileMethod;
};

/** The places of q among n elements, counted from 0, and the weight of the second. */
type Places = readonly [low: number, high: number, weight: number];

const between = (place: number): Places => {
	const low = Math.floor(place);
	return [low, Math.ceil(place), place - low];
};

/** R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", 1996: by their α = β. */
const byAlpha = (alpha: number) => (n: number, q: number) =>
	between(Math.min(n - 1, Math.max(0, n * q + alpha + q * (1 - 2 * alpha) - 1)));

const alone = (place: number): Places => [place, place, 0];

/** Half up from odd numbers, and down from even ones. */
function nearest(place: number): number {
	const low = Math.floor(place);
	const rest = place - low;
	return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}

const METHODS: Readonly<Record<QuantileMethod, (n: number, q: number) => Places>> = {
	linear: (n, q) => between((n - 1) * q),
	lower: (n, q) => alone(Math.floor((n - 1) * q)),
	higher: (n, q) => alone(Math.ceil((n - 1) * q)),
	nearest: (n, q) => alone(nearest((n - 1) * q)),
	midpoint: (n, q) => {
		const [low, high] = between((n - 1) * q);
		return [low, high, low === high ? 0 : 0.5];
	},
	hazen: byAlpha(0.5),
	weibull: byAlpha(0),
	medianUnbiased: byAlpha(1 / 3),
	normalUnbiased: byAlpha(3 / 8),
};

const OPTIONS: OptionKinds<QuantileOptions> = {
	keepDims: kind.flag,
	method: Object.keys(METHODS),
};

/** x as floats, sorted along a last axis in which these axes are one. */
export function sortedSlices(op: string, x: Tensor, axes: readonly number[]): Tensor {
	const kept = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
	const sizes = kept.map((axis) => x.shape[axis]!);
	const n = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
	if (n === 0) {
		throw new ShapeError(
			`${op}: expected at least one element along the axes of ${showShape(x.shape)}, got none`,
		);
	}
	const floats = astype(x, floating.result(x.dtype));
	return sort(reshape(permute(floats, [...kept, ...axes]), [...sizes, n]));
}

/** What lies at these places of sorted lines; NaN where a line has one, which then comes last. */
function valueAt(sorted: Tensor, [low, high, weight]: Places, shape: Shape): Tensor {
	const before = sorted.shape.slice(1).map(() => null);
	const at = (i: number) => slice(sorted, ...before, i);
	// Weights of both, and not a step from one to the other: that would be NaN from −∞ on.
	const value = weight === 0 ? at(low) : add(mul(1 - weight, at(low)), mul(weight, at(high)));
	const last = at(sorted.shape.at(-1)! - 1);
	return reshape(where(isMissing(last), last, value), shape);
}

/**
 * The value below which a part q of the elements lies, over axes (all of them when none are given);
 * a list of parts gives a new first axis. Between two elements it is what `method` says. The
 * gradient goes to the elements that it is made of, by their weights; equal elements stand in their
 * order, as in `sort`. A NaN in a slice shows. Int32 and bool give float64.
 * @throws DomainError for a part that is not from 0 to 1
 * @throws ShapeError for slices without elements, or axes that do not fit
 */
export function quantile(
	x: TensorLike,
	q: number | readonly number[],
	axes?: Axes,
	options?: QuantileOptions,
): Tensor {
	const t = asTensor("quantile", x);
	const { keepDims = false, method = "linear" } = checkOptions("quantile", options, OPTIONS);
	const along = normalizeAxes("quantile", axes, t.rank);
	const isOne = typeof q === "number";
	const parts = isOne ? [q] : q;
	if (!Array.isArray(parts) || !parts.every(kind.share.holds)) {
		throw new DomainError(
			`quantile: expected q to be a number from 0 to 1, or an array of them, got ${describe(q)}`,
		);
	}
	return calledAs("quantile", () => {
		const sorted = sortedSlices("quantile", t, along);
		const shape = reducedShape(t.shape, along, keepDims);
		const n = sorted.shape.at(-1)!;
		const values = parts.map((part) => valueAt(sorted, METHODS[method](n, part), shape));
		return isOne ? values[0]! : stack(values);
	});
}

/**
 * The middle element over axes (all of them when none are given); of an even number the mean of the
 * two in the middle, which share the gradient. At a tie equal elements stand in their order, as in
 * `sort`, and those in the middle have it. A NaN in a slice shows. Int32 and bool give float64.
 * @throws ShapeError for slices without elements, or axes that do not fit
 */
export function median(x: TensorLike, axes?: Axes, options?: ReduceOptions): Tensor {
	const { keepDims } = checkOptions("median", options, { keepDims: kind.flag });
	return calledAs("median", () => quantile(x, 0.5, axes, { keepDims }));
}
