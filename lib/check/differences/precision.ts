import type { DType } from "../../core/dtype.ts";

/** The distance from 1 to the next number of a float dtype. */
export function epsilonOf(dtype: DType): number {
	return dtype === "float32" ? 2 ** -23 : 2 ** -52;
}

/**
 * The least number of a float dtype that has all its digits; by so much what is smaller may be
 * wrong.
 */
export function leastNormal(epsilon: number): number {
	return epsilon === 2 ** -23 ? 2 ** -126 : 2 ** -1022;
}
