import { isFloat } from "../../../lib/core/dtype.ts";
import type { TensorType } from "../../../lib/core/op.ts";
import { sameShape, sizeOf } from "../../../lib/core/shape.ts";
import type { Tensor } from "../../../lib/index.ts";
import * as a from "../../../lib/index.ts";

/** A number that no sum of eighths comes near to, so that rounding decides nothing. */
export const ODD = 0.3719;

/**
 * A tensor brought to a type: its elements in order, repeated or cut off, as numbers of the dtype.
 * What moves is kept between −1 and 1, so that no loop lets it grow.
 */
export function fit(x: Tensor, { shape, dtype }: TensorType): Tensor {
	return resized(converted(x, dtype), shape);
}

function converted(x: Tensor, dtype: a.DType): Tensor {
	if (isFloat(x.dtype)) {
		if (dtype === "bool") return x.greater(ODD);
		const small = x.div(x.square().add(1).sqrt());
		if (isFloat(dtype)) return small.astype(dtype);
		return a.floor(small.mul(3).add(ODD)).astype(dtype);
	}
	if (isFloat(dtype)) return x.astype(dtype).mul(0.25).sin();
	if (dtype === "bool") return x.astype("int32").greater(1);
	return a.mod(x.astype(dtype), 7);
}

function resized(x: Tensor, shape: readonly number[]): Tensor {
	if (sameShape(x.shape, shape)) return x;
	const [from, to] = [x.size, sizeOf(shape)];
	if (from === to) return x.reshape(shape);
	if (from === 0) return a.zeros(shape, { dtype: x.dtype });
	const places = Int32Array.from({ length: to }, (_, i) => i % from);
	return a.take(x.reshape([from]), a.tensor(places, { dtype: "int32" })).reshape(shape);
}
