import type { Storage } from "../dtype.ts";

/** Terms that are summed in a row before halves are summed by themselves. */
const BLOCK = 64;

/**
 * The sum of the n elements from `start`: halves are summed by themselves and then added, so the rounding error
 * grows with log n, not n (N. J. Higham, "The accuracy of floating point summation", 1993).
 */
export function pairwiseSum(x: Storage, start: number, n: number): number {
	if (n <= BLOCK) {
		let total = 0;
		for (let i = start; i < start + n; i++) total += x[i]!;
		return total;
	}
	const half = n >> 1;
	return pairwiseSum(x, start, half) + pairwiseSum(x, start + half, n - half);
}
