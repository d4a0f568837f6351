import { Tensor } from "./tensor.ts";

/** Whether all elements are one that is stored once; not for a tensor without elements. */
export function isUniform({ size, shape, strides }: Tensor): boolean {
	for (let i = 0; i < shape.length; i++) if (shape[i] !== 1 && strides[i] !== 0) return false;
	return size > 0;
}

/** The elements of a tensor without the repetitions: a broadcast axis has one of them. */
export function storedOnce({ storage, dtype, shape, strides, offset }: Tensor): Tensor {
	const once = shape.map((size, i) => (size > 1 && strides[i] === 0 ? 1 : size));
	return new Tensor(storage, dtype, once, strides, offset);
}
