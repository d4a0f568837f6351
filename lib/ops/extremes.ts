import { allocate, commonDType } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { arithmetic, asTensor, type Binary, type DTypeRule } from "../core/lift.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { broadcastShapes, sameShape, showShape } from "../core/shape.ts";
import { forEachRun } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { firstGreatest, firstSmallest } from "../kernels/first.ts";
import {
	type ReduceOptions,
	type Reduction,
	type ReductionRule,
	reduction,
} from "../kinds/reduction.ts";
import { broadcastTo } from "./broadcasting.ts";
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
	evaluate: (x, start, n) => x[firstGreatest(x, start, n)]!,
	weights: (x, out) => keepWhere(maskFirst(x, out)),
	conventions: [{ at: [1, 3, 3], weights: [0, 1, 0] }],
	latex: (x, letters) => `\\max_{${letters}}(${x})`,
	plain: {
		start: "-Infinity",
		next: (greatest, x) => `${greatest} = Math.max(${greatest}, ${x})`,
	},
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
	evaluate: (x, start, n) => x[firstSmallest(x, start, n)]!,
	weights: (x, out) => keepWhere(maskFirst(x, out)),
	conventions: [{ at: [3, 1, 1], weights: [0, 1, 0] }],
	latex: (x, letters) => `\\min_{${letters}}(${x})`,
	plain: {
		start: "Infinity",
		next: (smallest, x) => `${smallest} = Math.min(${smallest}, ${x})`,
	},
	rule: "choice",
	remark: () => ({
		en: "Among equal elements the first one takes the whole gradient.",
		zh: "若有若干个元素并列，则梯度全部归第一个。",
	}),
	numpy: "x.min",
	dtype: arithmetic,
	distinct: true,
});

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
	evaluate: (x, start, n) => firstGreatest(x, start, n) - start,
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
	evaluate: (x, start, n) => firstSmallest(x, start, n) - start,
	latex: (x, letters) => `\\operatorname{arg\\,min}_{${letters}}(${x})`,
	numpy: "x.argmin",
});

/**
 * The mask by which `max` and `min` pass their gradient on: for each element of `value`, which is x
 * reduced with the axes kept, 1 at the first element of its slice that equals it, in row-major
 * order, and 0 elsewhere; NaN all over the slice where the value is NaN. Of the shape and dtype of
 * x. Constant: no gradient.
 * @throws ShapeError when `value` does not broadcast to the shape of x.
 */
export const maskFirst: Binary<"maskFirst"> = defineOp(
	{
		name: "maskFirst",
		lowering: "reduction",
		infer: ([x, value]) => ({
			shape: x!.shape,
			dtype: arithmetic.result(commonDType("maskFirst", x!.dtype, value!.dtype)),
		}),
		evaluate: ([x, value], _, { shape, dtype }) => {
			const out = allocate(dtype, x!.size);
			const found = new Uint8Array(value!.storage.length);
			const spread = broadcastTo(value!, shape);
			const run = shape.at(-1) ?? 1;
			const [xs, vs] = [x!.strides.at(-1) ?? 0, spread.strides.at(-1) ?? 0];
			let o = 0;
			forEachRun(shape, [x!, spread], ([first, at]) => {
				for (let i = 0; i < run; i++, o++) {
					const place = at! + i * vs;
					const v = value!.storage[place]!;
					if (Number.isNaN(v)) {
						out[o] = Number.NaN;
					} else if (found[place] === 0 && x!.storage[first! + i * xs] === v) {
						out[o] = 1;
						found[place] = 1;
					}
				}
			});
			return new Tensor(out, dtype, shape);
		},
		differential: null,
		print: ([x, value]) => `mask_first(${x}, ${value})`,
		traits: { zeros: true },
		sample: (draw) => {
			const x = draw.distinct(draw.shape({ minSize: 1 }));
			const axes = x.shape.flatMap((_, i) => (draw.integer(0, 1) === 1 ? [i] : []));
			return { inputs: [x, max(x, axes, { keepDims: true })], params: null };
		},
	},
	(first: TensorLike, second: TensorLike): Tensor => {
		const [x, value] = [asTensor("maskFirst", first), asTensor("maskFirst", second)];
		if (!sameShape(broadcastShapes("maskFirst", [x.shape, value.shape]), x.shape)) {
			throw new ShapeError(
				`maskFirst: ${showShape(value.shape)} does not stretch to ${showShape(x.shape)}`,
			);
		}
		return apply(maskFirst.op, [x, value], null);
	},
);
