import type { TypedArray } from "../core/dtype.ts";

/**
 * Terms that are summed in a row before halves are summed by themselves; a multiple of the eight
 * running sums.
 */
export const BLOCK = 128;

/**
 * The sum of n terms from `start`: halves are summed by themselves and then added, so the rounding
 * error grows with log n, not n (N. J. Higham, "The accuracy of floating point summation", 1993).
 * `sumBlock` sums a short run.
 */
export function pairwise(
	start: number,
	n: number,
	sumBlock: (start: number, n: number) => number,
): number {
	if (n <= BLOCK) return sumBlock(start, n);
	const half = halfOf(n);
	return pairwise(start, half, sumBlock) + pairwise(start + half, n - half, sumBlock);
}

/** About half of n, in whole eights. */
export function halfOf(n: number): number {
	return (n >> 1) - ((n >> 1) % 8);
}

/** The sum of the n elements from `start`, pairwise. */
export function pairwiseSum(x: TypedArray, start: number, n: number): number {
	if (n <= BLOCK) return sumRun(x, start, n, 1);
	return pairwise(start, n, (from, count) => sumRun(x, from, count, 1));
}

/**
 * The sums of `width` columns of n rows that lie `stride` apart, each in the order of
 * `pairwiseSum`: bit for bit the same. A block of rows stays in the cache while its columns are
 * summed.
 */
export function pairwiseColumnSums(
	x: TypedArray,
	start: number,
	n: number,
	stride: number,
	width: number,
): Float64Array {
	if (n <= BLOCK) {
		const sums = new Float64Array(width);
		for (let i = 0; i < width; i++) sums[i] = sumRun(x, start + i, n, stride);
		return sums;
	}
	const half = halfOf(n);
	const sums = pairwiseColumnSums(x, start, half, stride, width);
	const rest = pairwiseColumnSums(x, start + half * stride, n - half, stride, width);
	for (let i = 0; i < width; i++) sums[i]! += rest[i]!;
	return sums;
}

/** Eight running sums, so that an addition need not wait for the one before it. */
function sumRun(x: TypedArray, start: number, n: number, stride: number): number {
	const eights = n - (n % 8);
	let at = start;
	let s0 = 0,
		s1 = 0,
		s2 = 0,
		s3 = 0,
		s4 = 0,
		s5 = 0,
		s6 = 0,
		s7 = 0;
	for (let i = 0; i < eights; i += 8, at += 8 * stride) {
		s0 += x[at]!;
		s1 += x[at + stride]!;
		s2 += x[at + 2 * stride]!;
		s3 += x[at + 3 * stride]!;
		s4 += x[at + 4 * stride]!;
		s5 += x[at + 5 * stride]!;
		s6 += x[at + 6 * stride]!;
		s7 += x[at + 7 * stride]!;
	}
	let total = s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
	for (let i = eights; i < n; i++, at += stride) total += x[at]!;
	return total;
}
