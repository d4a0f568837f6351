import { commonDType } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { alike } from "../core/lead.ts";
import { arithmetic, asTensor, type Binary } from "../core/lift.ts";
import { apply, type Draw, defineOp } from "../core/op.ts";
import { broadcastShapes, type Shape, sameShape, showShape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { mapSlices } from "../kinds/normalization.ts";
import { sliceKernels } from "../kinds/slice-kernel.ts";
import * as s from "../scalar/index.ts";
import { lazySlices } from "../scalar/slice-form.ts";
import { reshape } from "../structure/layout.ts";

const firstMask = lazySlices(
	(x, value) => {
		const isFirst = s.equal(s.position, s.find(s.equal(x, value!)));
		return s.select(s.notEqual(value!, value!), Number.NaN, s.select(isFirst, 1, 0));
	},
	true,
	2,
);
const masks = sliceKernels(firstMask);

/** The axes along which one element of `value` stands for all of x. */
function stretchedAxes([x, value]: readonly Shape[]): number[] {
	const missing = x!.length - value!.length;
	return [...x!.keys()].filter((axis) => axis < missing || value![axis - missing] === 1);
}

/** One element of each slice over the axes, at the same place in all; the axes stay, of size 1. */
function oneOfEach(draw: Draw, x: Tensor, axes: readonly number[]): Tensor {
	const steps = axes.map((axis) => draw.integer(0, x.shape[axis]! - 1) * x.strides[axis]!);
	const offset = steps.reduce((sum, step) => sum + step, x.offset);
	const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
	return new Tensor(x.storage, x.dtype, shape, x.strides, offset);
}

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
		lead: alike,
		infer: ([x, value]) => ({
			shape: x!.shape,
			dtype: arithmetic.result(commonDType("maskFirst", x!.dtype, value!.dtype)),
		}),
		evaluate: ([x, value], _, type) => {
			const values = elements(value!);
			const axes = stretchedAxes([x!.shape, value!.shape]);
			return mapSlices(masks(x!.dtype), x!, axes, type, (index) => [values[index]!]);
		},
		slices: { form: firstMask, axes: stretchedAxes },
		differential: null,
		print: ([x, value]) => `mask_first(${x}, ${value})`,
		traits: { zeros: true },
		sample: (draw) => {
			const x = draw.distinct(draw.shape({ minSize: 1 }));
			const axes = x.shape.flatMap((_, i) => (draw.integer(0, 1) === 1 ? [i] : []));
			return { inputs: [x, oneOfEach(draw, x, axes)], params: null };
		},
	},
	(first: TensorLike, second: TensorLike): Tensor => {
		const [x, value] = [asTensor("maskFirst", first), asTensor("maskFirst", second)];
		if (!sameShape(broadcastShapes("maskFirst", [x.shape, value.shape]), x.shape)) {
			throw new ShapeError(
				`maskFirst: ${showShape(value.shape)} does not stretch to ${showShape(x.shape)}`,
			);
		}
		const missing = new Array<number>(x.rank - value.rank).fill(1);
		return apply(maskFirst.op, [x, reshape(value, [...missing, ...value.shape])], null);
	},
);
