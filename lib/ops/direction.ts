import type { Tensor } from "../core/tensor.ts";
import { div } from "./arithmetic.ts";
import { equal, where } from "./comparison.ts";
import { keepWhere, maskGreater } from "./masks.ts";

/**
 * x / length, the derivative of a length: exactly 0, to any order, where the length is 0, and NaN
 * where it is NaN.
 */
export function direction(x: Tensor, length: Tensor): Tensor {
	const divisor = where(equal(length, 0), 1, length);
	return keepWhere(div(x, divisor), maskGreater(length, 0));
}
