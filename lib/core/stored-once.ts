import { Tensor } from "./tensor.ts";

/** The elements of a tensor without the repetitions: a broadcast axis has one of them. */
export function storedOnce({ storage, dtype, shape, strides, offset }: Tensor): Tensor {
	const once = shape.map((size, i) => (size > 1 && strides[i] === 0 ? 1 : size));
	return new Tensor(storage, dtype, once, strides, offset);
}
