import { type DType, type Tensor, tensor } from "adjoint";
import { values } from "./values.ts";

/** The values of a seed as a tensor. */
export function numbers(
	seed: number,
	dtype: DType,
	shape: readonly number[],
	size = 1,
	offset = 0,
): Tensor {
	const count = shape.reduce((product, n) => product * n, 1);
	return tensor(values(seed, count, size, offset))
		.reshape([...shape])
		.astype(dtype);
}
