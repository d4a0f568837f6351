import { allocate, type Storage } from "../core/dtype.ts";
import { asTensor, floating } from "../core/lift.ts";
import { LinearMap, linearMap } from "../core/linear-map.ts";
import { apply, type Draw, defineOp, type OpFunction, type TensorType } from "../core/op.ts";
import { type Axes, normalizeAxes, rowMajorStrides } from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { firstGreatest } from "../kernels/first.ts";
import { forEachSlice } from "../kernels/slices.ts";
import { sliceSize } from "../kinds/reduction.ts";
import { call } from "../notation/call.ts";
import { axisLetters, named } from "../notation/mathematics.ts";
import { composed } from "../notation/plain.ts";
import { div, sub } from "./arithmetic.ts";
import { sum } from "./broadcasting.ts";
import { exp, log } from "./exponential.ts";
import { max } from "./extremes.ts";
import { scale } from "./masks.ts";

type SoftmaxParams = {
	readonly axes: readonly number[];
};

/** The type of a public function that normalizes along axes. */
export type Normalization<Name extends string> = OpFunction<
	Name,
	(x: TensorLike, axes?: Axes) => Tensor
>;

/**
 * exp(x) / Σ exp(x) along an axis (the last one unless said) or several, stable for elements of any
 * size. Int32 and bool give float64. A slice of which all elements are −∞, or one is ∞ or NaN,
 * gives NaN.
 * @throws ShapeError for an axis out of range: a scalar has none.
 */
export const softmax: Normalization<"softmax"> = defineOp(
	{
		name: "softmax",
		lowering: "reduction",
		infer: ([x]) => ({ shape: x!.shape, dtype: floating.result(x!.dtype) }),
		evaluate: ([x], { axes }: SoftmaxParams, type) =>
			mapSlices(x!, axes, type, (from, start, n, to, o) => {
				const greatest = n === 0 ? 0 : from[firstGreatest(from, start, n)]!;
				let total = 0;
				for (let i = 0; i < n; i++) {
					const value = Math.exp(from[start + i]! - greatest);
					to[o + i] = value;
					total += value;
				}
				for (let i = o; i < o + n; i++) to[i]! /= total;
			}),
		// diag(y) − y·yᵀ, which is its own transpose.
		differential: (_, __, y, { axes }: SoftmaxParams) =>
			new LinearMap("softmax", (dx) =>
				scale(sub(dx, sum(scale(dx, y), axes, { keepDims: true })), y),
			),
		typescript: (args, { axes }: SoftmaxParams) =>
			call("softmax", args, axes.length === 1 ? axes[0] : axes),
		latex: ([x], { axes }: SoftmaxParams) => named("softmax", [x!], axisLetters(axes)),
		plain: composed((x, { axes }) => {
			const e = exp(sub(x, max(x, axes, { keepDims: true })));
			return div(e, sum(e, axes, { keepDims: true }));
		}),
		print: ([x], { axes }: SoftmaxParams) => `softmax(${x}, ${printAxes(axes)})`,
		traits: { sign: () => "positive", distribution: ({ axes }: SoftmaxParams) => axes },
		sample: sampleAlongAxis,
	},
	(value: TensorLike, axes: Axes = -1): Tensor => {
		const x = asTensor("softmax", value);
		return apply(softmax.op, [x], { axes: normalizeAxes("softmax", axes, x.rank) });
	},
);

/**
 * log(exp(x) / Σ exp(x)) along an axis (the last one unless said) or several, stable for elements
 * of any size. Int32 and bool give float64. A slice of which all elements are −∞, or one is ∞ or
 * NaN, gives NaN.
 * @throws ShapeError for an axis out of range: a scalar has none.
 */
export const logSoftmax: Normalization<"logSoftmax"> = defineOp(
	{
		name: "logSoftmax",
		lowering: "reduction",
		infer: ([x]) => ({ shape: x!.shape, dtype: floating.result(x!.dtype) }),
		evaluate: ([x], { axes }: SoftmaxParams, type) =>
			mapSlices(x!, axes, type, (from, start, n, to, o) => {
				const greatest = n === 0 ? 0 : from[firstGreatest(from, start, n)]!;
				let total = 0;
				for (let i = 0; i < n; i++) total += Math.exp(from[start + i]! - greatest);
				const log = Math.log(total);
				for (let i = 0; i < n; i++) to[o + i] = from[start + i]! - greatest - log;
			}),
		differential: (_, __, out, { axes }: SoftmaxParams) => {
			const y = exp(out);
			return linearMap(
				"logSoftmax",
				(dx) => sub(dx, sum(scale(dx, y), axes, { keepDims: true })),
				(g) => sub(g, scale(sum(g, axes, { keepDims: true }), y)),
			);
		},
		typescript: (args, { axes }: SoftmaxParams) =>
			call("logSoftmax", args, axes.length === 1 ? axes[0] : axes),
		latex: ([x], { axes }: SoftmaxParams) => named("logSoftmax", [x!], axisLetters(axes)),
		plain: composed((x, { axes }) => {
			const shifted = sub(x, max(x, axes, { keepDims: true }));
			return sub(shifted, log(sum(exp(shifted), axes, { keepDims: true })));
		}),
		print: ([x], { axes }: SoftmaxParams) => `log_softmax(${x}, ${printAxes(axes)})`,
		sample: sampleAlongAxis,
	},
	(value: TensorLike, axes: Axes = -1): Tensor => {
		const x = asTensor("logSoftmax", value);
		return apply(logSoftmax.op, [x], { axes: normalizeAxes("logSoftmax", axes, x.rank) });
	},
);

/**
 * The slices along axes, each rewritten by a function of its n elements; they come to lie side by
 * side.
 */
function mapSlices(
	x: Tensor,
	axes: readonly number[],
	{ shape, dtype }: TensorType,
	rewrite: (from: Storage, start: number, n: number, to: Storage, o: number) => void,
): Tensor {
	const n = sliceSize(shape, axes);
	const out = allocate(dtype, x.size);
	forEachSlice(x, axes, (values, start, index) => rewrite(values, start, n, out, index * n));
	const order = [...shape.keys()].filter((axis) => !axes.includes(axis)).concat(axes);
	const packed = rowMajorStrides(order.map((axis) => shape[axis]!));
	return new Tensor(
		out,
		dtype,
		shape,
		shape.map((_, axis) => packed[order.indexOf(axis)]!),
	);
}

function printAxes(axes: readonly number[]): string {
	return axes.length === 1 ? `axis=${axes[0]}` : `axis=(${axes.join(", ")})`;
}

function sampleAlongAxis(draw: Draw) {
	const shape = draw.shape({ minRank: 1 });
	const axes = shape.flatMap((_, i) => (draw.integer(0, 1) === 1 ? [i] : []));
	return { inputs: [draw.tensor(shape)], params: { axes } };
}
