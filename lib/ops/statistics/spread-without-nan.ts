import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { isFloat } from "../../core/dtype.ts";
import { asTensor } from "../../core/lift.ts";
import { checkOptions } from "../../core/options.ts";
import { type Axes, normalizeAxes, reducedShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { sum } from "../../structure/broadcasting.ts";
import { reshape } from "../../structure/layout.ts";
import type { ReduceOptions } from "../../structure/reduction.ts";
import { add, div, maximum, mul, sqrt, square, sub } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { equal, greater, isNaN as isMissing, logicalNot, where } from "../comparison.ts";
import { takeAlongAxis } from "../indexing.ts";
import { type VarianceOptions, variance } from "../reductions.ts";
import { floorDivide } from "../special/rounding.ts";
import { median, sortedSlices } from "./quantiles.ts";
import { nanMean, nanMin } from "./without-nan.ts";

/** The variance of the elements that are not NaN. */
function spread(op: string, x: Tensor, axes: Axes | undefined, options?: VarianceOptions): Tensor {
	const kinds = { keepDims: kind.flag, ddof: kind.notNegative };
	const { keepDims = false, ddof = 0 } = checkOptions<VarianceOptions>(op, options, kinds);
	if (!isFloat(x.dtype)) return variance(x, axes, { keepDims, ddof });
	// From the least on, so that equal elements deviate by exactly 0.
	const apart = sub(x, nanMin(x, axes, { keepDims: true }));
	const deviation = sub(apart, nanMean(apart, axes, { keepDims: true }));
	const squares = sum(where(isMissing(x), 0, square(deviation)), axes, { keepDims });
	const freedom = sub(sum(astype(logicalNot(isMissing(x)), x.dtype), axes, { keepDims }), ddof);
	return div(squares, where(greater(freedom, 0), freedom, Number.NaN));
}

/**
 * The variance of the elements that are not NaN over axes (all of them when none are given), as
 * `variance`; NaN where no more than ddof are left. NaN has the derivative 0. Int32 and bool give
 * float64.
 * @throws DomainError when ddof is not a number from 0
 * @throws ShapeError when there are no elements
 */
export function nanVariance(x: TensorLike, axes?: Axes, options?: VarianceOptions): Tensor {
	const t = asTensor("nanVariance", x);
	return calledAs("nanVariance", () => spread("nanVariance", t, axes, options));
}

/**
 * The standard deviation of the elements that are not NaN over axes (all of them when none are
 * given): the root of `nanVariance`. Where it is 0 the derivative is taken to be 0, as that of
 * `std`. Int32 and bool give float64.
 * @throws DomainError when ddof is not a number from 0
 * @throws ShapeError when there are no elements
 */
export function nanStd(x: TensorLike, axes?: Axes, options?: VarianceOptions): Tensor {
	const t = asTensor("nanStd", x);
	return calledAs("nanStd", () => {
		const square = spread("nanStd", t, axes, options);
		const isZero = equal(square, 0);
		return where(isZero, 0, sqrt(where(isZero, 1, square)));
	});
}

/**
 * The middle of the elements that are not NaN over axes (all of them when none are given); of an
 * even number the mean of the two in the middle, which share the gradient, as `median` does. NaN
 * where there are none. NaN has the derivative 0. Int32 and bool give float64.
 * @throws ShapeError for slices without elements, or axes that do not fit
 */
export function nanMedian(x: TensorLike, axes?: Axes, options?: ReduceOptions): Tensor {
	const t = asTensor("nanMedian", x);
	const { keepDims = false } = checkOptions("nanMedian", options, { keepDims: kind.flag });
	return calledAs("nanMedian", () => {
		if (!isFloat(t.dtype)) return median(t, axes, { keepDims });
		const along = normalizeAxes("nanMedian", axes, t.rank);
		// NaN comes last.
		const sorted = sortedSlices("nanMedian", t, along);
		const count = sum(logicalNot(isMissing(sorted)), -1, { keepDims: true });
		const at = (place: Tensor) => takeAlongAxis(sorted, maximum(place, 0), -1);
		const [low, high] = [at(floorDivide(sub(count, 1), 2)), at(floorDivide(count, 2))];
		const middle = add(mul(0.5, low), mul(0.5, where(equal(count, 0), low, high)));
		return reshape(middle, reducedShape(t.shape, along, keepDims));
	});
}
