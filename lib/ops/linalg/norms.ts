import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { checkOptions } from "../../core/options.ts";
import type { Axes } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { sum } from "../../structure/broadcasting.ts";
import type { ReduceOptions } from "../../structure/reduction.ts";
import { abs } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { notEqual } from "../comparison.ts";
import { max, min } from "../extremes.ts";
import { norm } from "../reductions.ts";
import { powerNorm } from "./power-norm.ts";

/** Options of `vectorNorm`. */
export type VectorNormOptions = ReduceOptions & {
	/** The order p; left out: 2. */
	readonly ord?: number;
};

/**
 * A norm of the vectors along axes (all of them when none are given): (Σ|x|^p)^(1/p) for the order
 * p, the greatest size for ∞, the least for −∞, how many are not 0 for 0. As NumPy, it takes p < 1,
 * which are no norms. No power over- or underflows on the way. Derivatives at 0 are 0, as those of
 * |x|; of equal greatest or least sizes the first takes it all. Int32 and bool give float64.
 * @throws DomainError when the order is no number.
 */
export function vectorNorm(x: TensorLike, axes?: Axes, options?: VectorNormOptions): Tensor {
	const kinds = { ord: order, keepDims: kind.flag };
	const { ord = 2, keepDims = false } = checkOptions("vectorNorm", options, kinds);
	const given = asTensor("vectorNorm", x);
	return calledAs("vectorNorm", () => {
		const v = astype(given, floating.result(given.dtype));
		switch (ord) {
			case 2:
				return norm(v, axes, { keepDims });
			case 1:
				return sum(abs(v), axes, { keepDims });
			case 0:
				return sum(astype(notEqual(v, 0), v.dtype), axes, { keepDims });
			case Number.POSITIVE_INFINITY:
				return max(abs(v), axes, { keepDims });
			case Number.NEGATIVE_INFINITY:
				return min(abs(v), axes, { keepDims });
			default:
				return powerNorm(v, axes, { p: ord, keepDims });
		}
	});
}

const order: kind.ArgumentKind = {
	expected: "a number",
	holds: (x) => typeof x === "number" && !Number.isNaN(x),
};
