import { calledAs } from "../../core/called-as.ts";
import { isFloat } from "../../core/dtype.ts";
import { asTensor } from "../../core/lift.ts";
import type { Axes } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { sum } from "../../structure/broadcasting.ts";
import type { ReduceOptions, Reduction } from "../../structure/reduction.ts";
import { div } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { isNaN as isMissing, logicalNot, where } from "../comparison.ts";
import { max, min } from "../extremes.ts";
import { all, mean, prod } from "../reductions.ts";

/** x with another number in place of NaN, which only floats have. */
function replaced(x: Tensor, other: number): Tensor {
	return isFloat(x.dtype) ? where(isMissing(x), other, x) : x;
}

/**
 * The sum of the elements that are not NaN over axes (all of them when none are given); 0 where
 * there are none. NaN has the derivative 0. Bool gives int32.
 * @throws DTypeError when an int32 sum overflows
 */
export function nanSum(x: TensorLike, axes?: Axes, options?: ReduceOptions): Tensor {
	const t = asTensor("nanSum", x);
	return calledAs("nanSum", () => sum(replaced(t, 0), axes, options));
}

/**
 * The mean of the elements that are not NaN over axes (all of them when none are given); NaN where
 * there are none. NaN has the derivative 0. Int32 and bool give float64.
 */
export function nanMean(x: TensorLike, axes?: Axes, options?: ReduceOptions): Tensor {
	const t = asTensor("nanMean", x);
	return calledAs("nanMean", () => {
		if (!isFloat(t.dtype)) return mean(t, axes, options);
		const count = sum(astype(logicalNot(isMissing(t)), t.dtype), axes, options);
		return div(sum(replaced(t, 0), axes, options), count);
	});
}

/**
 * The product of the elements that are not NaN over axes (all of them when none are given); 1 where
 * there are none. NaN has the derivative 0. Bool gives int32.
 * @throws DTypeError when an int32 product overflows
 */
export function nanProd(x: TensorLike, axes?: Axes, options?: ReduceOptions): Tensor {
	const t = asTensor("nanProd", x);
	return calledAs("nanProd", () => prod(replaced(t, 1), axes, options));
}

/** An extreme of what is not NaN; `least` is what no element is beyond. */
function extremeOf(
	op: string,
	extreme: Reduction<"max"> | Reduction<"min">,
	least: number,
	x: TensorLike,
	axes: Axes | undefined,
	options: ReduceOptions | undefined,
): Tensor {
	const t = asTensor(op, x);
	return calledAs(op, () => {
		const found = extreme(replaced(t, least), axes, options);
		if (!isFloat(t.dtype)) return found;
		return where(all(isMissing(t), axes, options), Number.NaN, found);
	});
}

/**
 * The greatest of the elements that are not NaN over axes (all of them when none are given); NaN
 * where there are none. Among equals the first, in row-major order, takes the whole gradient; NaN
 * has the derivative 0. Bool gives int32.
 * @throws ShapeError when there are no elements to choose from
 */
export function nanMax(x: TensorLike, axes?: Axes, options?: ReduceOptions): Tensor {
	return extremeOf("nanMax", max, Number.NEGATIVE_INFINITY, x, axes, options);
}

/**
 * The smallest of the elements that are not NaN over axes (all of them when none are given); NaN
 * where there are none. Among equals the first, in row-major order, takes the whole gradient; NaN
 * has the derivative 0. Bool gives int32.
 * @throws ShapeError when there are no elements to choose from
 */
export function nanMin(x: TensorLike, axes?: Axes, options?: ReduceOptions): Tensor {
	return extremeOf("nanMin", min, Number.POSITIVE_INFINITY, x, axes, options);
}
