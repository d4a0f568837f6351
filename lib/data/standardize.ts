import { calledAs } from "../core/called-as.ts";
import type { Axes } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, mul, sub } from "../ops/arithmetic.ts";
import { equal, where } from "../ops/comparison.ts";
import { mean, std } from "../ops/reductions.ts";

/**
 * How data were brought to mean 0 and standard deviation 1: to do the same with other data, and to
 * undo it.
 */
export interface Standardization {
	readonly mean: Tensor;
	/** 1 where the data are constant. */
	readonly std: Tensor;
	/** (x − mean) / std. */
	readonly apply: (x: Tensor) => Tensor;
	/** x · std + mean. */
	readonly undo: (x: Tensor) => Tensor;
}

/**
 * Learns from data, of shape (N×…), what brings each feature to mean 0 and standard deviation 1.
 * `axes` are those that are averaged over; left out: the first, the rows. Learn it from the
 * training data alone, and apply it to the test data.
 * @throws ShapeError for an axis that the data do not have
 */
export function standardization(data: Tensor, axes: Axes = 0): Standardization {
	const center = calledAs("standardization", () => mean(data, axes, { keepDims: true }));
	const spread = std(data, axes, { keepDims: true });
	const scale = where(equal(spread, 0), 1, spread);
	return {
		mean: center,
		std: scale,
		apply: (x) => div(sub(x, center), scale),
		undo: (x) => add(mul(x, scale), center),
	};
}
