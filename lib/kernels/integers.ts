import { allocate, type DType, doesNotFit, type TypedArray } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import { Tensor } from "../core/tensor.ts";

/**
 * Storage to compute in: integers are computed as real numbers first, so that an overflow can be
 * told.
 */
export function accumulator(dtype: DType, size: number): TypedArray {
	return allocate(dtype === "int32" ? "float64" : dtype, size);
}

/**
 * What was computed in an `accumulator`, as a tensor.
 * @throws DTypeError when a result should be an int32 and is not one.
 */
export function finished(op: string, values: TypedArray, { shape, dtype }: TensorType): Tensor {
	if (dtype !== "int32") return new Tensor(values, dtype, shape);
	const out = new Int32Array(values.length);
	for (let i = 0; i < values.length; i++) {
		const value = values[i]!;
		if (value !== (value | 0)) throw doesNotFit(op, value);
		out[i] = value;
	}
	return new Tensor(out, dtype, shape);
}
