import { allocate } from "../../core/dtype.ts";
import type { TensorType } from "../../core/op.ts";
import { sizeOf } from "../../core/shape.ts";
import { Tensor } from "../../core/tensor.ts";
import { forEachMatrix, readMatrix } from "../matrices.ts";

/**
 * The tensor of what `compute` makes of each matrix of a batch: as many numbers for each, in
 * row-major order.
 */
export function eachMatrix(
	x: Tensor,
	{ shape, dtype }: TensorType,
	compute: (a: Float64Array, index: number) => ArrayLike<number>,
): Tensor {
	const out = allocate(dtype, sizeOf(shape));
	forEachMatrix([x], ([position], index) => {
		const result = compute(readMatrix(x, position!), index);
		out.set(result, index * result.length);
	});
	return new Tensor(out, dtype, shape);
}
