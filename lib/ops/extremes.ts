import { ShapeError } from "../core/error.ts";
import { arithmetic, type DTypeRule } from "../core/lift.ts";
import type { OpFunction } from "../core/op.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { reduction } from "../kinds/reduction.ts";
import * as s from "../scalar/index.ts";
import type { Scalar } from "../scalar/scalar.ts";
import type { ReduceOptions, Reduction, ReductionRule } from "../structure/reduction.ts";
import { maskFirst } from "./mask-first.ts";
import { keepWhere } from "./scaling-maps.ts";

/** A reduction that refuses slices without elements: they have no extreme. */
/* @__NO_SIDE_EFFECTS__ */
function extreme<Name extends string>(rule: ReductionRule<Name, ReduceOptions>): Reduction<Name> {
	return reduction({
		...rule,
		check: (n) => {
			if (n > 0) return;
			throw new ShapeError(
				`${rule.name}: expected at least one element along the axes, got none; they have no ${rule.name}`,
			);
		},
		minSize: 1,
	});
}

/**
 * The greatest element over axes (all of them when none are given). Among equals the first, in
 * row-major order, takes the whole gradient. A NaN shows in the value and in the gradient of all
 * its slice. Bool gives int32.
 * @throws ShapeError when there are no elements to choose from.
 */
export const max: Reduction<"max"> = extreme({
	name: "max",
	formula: (x) => s.greatest(x),
	weights: (x, out) => keepWhere(maskFirst(x, out)),
	conventions: [{ at: [1, 3, 3], weights: [0, 1, 0] }],
	latex: (x, letters) => `\\max_{${letters}}(${x})`,
	rule: "choice",
	remark: () => ({
		en: "Among equal elements the first one takes the whole gradient.",
		zh: "若有若干个元素并列，则梯度全部归第一个。",
	}),
	numpy: "x.max",
	dtype: arithmetic,
	distinct: true,
});

/**
 * The smallest element over axes (all of them when none are given). Among equals the first, in
 * row-major order, takes the whole gradient. A NaN shows in the value and in the gradient of all
 * its slice. Bool gives int32.
 * @throws ShapeError when there are no elements to choose from.
 */
export const min: Reduction<"min"> = extreme({
	name: "min",
	formula: (x) => s.least(x),
	weights: (x, out) => keepWhere(maskFirst(x, out)),
	conventions: [{ at: [3, 1, 1], weights: [0, 1, 0] }],
	latex: (x, letters) => `\\min_{${letters}}(${x})`,
	rule: "choice",
	remark: () => ({
		en: "Among equal elements the first one takes the whole gradient.",
		zh: "若有若干个元素并列，则梯度全部归第一个。",
	}),
	numpy: "x.min",
	dtype: arithmetic,
	distinct: true,
});

/** Where the first of the elements that equal `value` lies; where that is NaN, the first NaN. */
function firstEqual(x: Scalar, value: Scalar): Scalar {
	return s.find(s.or(s.equal(x, value), s.notEqual(x, x)));
}

/** The type of a public function that gives a position along one axis. */
export type Position<Name extends string> = OpFunction<
	Name,
	(x: TensorLike, axis?: number, options?: ReduceOptions) => Tensor
>;

const position: DTypeRule = { lift: (common) => arithmetic.lift(common), result: () => "int32" };

/**
 * The position of the greatest element along an axis; without an axis, in the flattened tensor. Of
 * equals the first; a NaN counts as the greatest. Int32. Constant: no gradient.
 * @throws ShapeError when there are no elements to choose from.
 */
export const argmax: Position<"argmax"> = extreme({
	weights: null,
	dtype: position,
	name: "argmax",
	formula: (x) => firstEqual(x, s.greatest(x)),
	latex: (x, letters) => `\\operatorname{arg\\,max}_{${letters}}(${x})`,
	numpy: "x.argmax",
});

/**
 * The position of the smallest element along an axis; without an axis, in the flattened tensor. Of
 * equals the first; a NaN counts as the smallest. Int32. Constant: no gradient.
 * @throws ShapeError when there are no elements to choose from.
 */
export const argmin: Position<"argmin"> = extreme({
	weights: null,
	dtype: position,
	name: "argmin",
	formula: (x) => firstEqual(x, s.least(x)),
	latex: (x, letters) => `\\operatorname{arg\\,min}_{${letters}}(${x})`,
	numpy: "x.argmin",
});
