import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { ShapeError } from "../../core/error.ts";
import { asTensor } from "../../core/lift.ts";
import { checkOptions } from "../../core/options.ts";
import { type Axes, normalizeAxes, sameShape, showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { broadcastTo, sum } from "../../structure/broadcasting.ts";
import { reshape } from "../../structure/layout.ts";
import type { ReduceOptions } from "../../structure/reduction.ts";
import { div, mul } from "../arithmetic.ts";
import { mean } from "../reductions.ts";

/** Options of `average`. */
export interface AverageOptions extends ReduceOptions {
	/** What each element counts, in the shape of x, or as a vector along the one axis. */
	readonly weights?: TensorLike;
}

/** Weights in the shape of x; a vector stands along the axis. */
function weightsLike(x: Tensor, weights: Tensor, along: readonly number[]): Tensor {
	if (sameShape(weights.shape, x.shape)) return weights;
	const [axis, ...more] = along;
	if (axis !== undefined && more.length === 0 && weights.rank === 1) {
		if (weights.size === x.shape[axis]) {
			const line = x.shape.map((size, i) => (i === axis ? size : 1));
			return broadcastTo(reshape(weights, line), x.shape);
		}
	}
	throw new ShapeError(
		`average: expected weights in the shape ${showShape(x.shape)}, or a vector along one axis, got ${showShape(weights.shape)}`,
	);
}

/**
 * The mean over axes (all of them when none are given) in which elements count by weights:
 * Σ w·x / Σ w, and without weights `mean`. NaN where the weights add up to 0. Linear in x, and
 * differentiable by the weights. Int32 and bool give float64.
 * @throws ShapeError for weights of another shape
 */
export function average(x: TensorLike, axes?: Axes, options?: AverageOptions): Tensor {
	const kinds = { keepDims: kind.flag, weights: kind.scalar };
	const { weights, keepDims = false } = checkOptions("average", options, kinds);
	const t = asTensor("average", x);
	return calledAs("average", () => {
		if (weights === undefined) return mean(t, axes, { keepDims });
		const along = normalizeAxes("average", axes, t.rank);
		const w = weightsLike(t, asTensor("average", weights), along);
		return div(sum(mul(w, t), along, { keepDims }), sum(w, along, { keepDims }));
	});
}
