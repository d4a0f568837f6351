import type { Storage } from "../core/dtype.ts";

/**
 * Where the first of the greatest of n elements lies, or the first NaN, which counts as greater
 * than all numbers.
 */
export function firstGreatest(x: Storage, start: number, n: number): number {
	let at = start;
	let greatest = x[start]!;
	if (Number.isNaN(greatest)) return start;
	for (let i = start + 1; i < start + n; i++) {
		const value = x[i]!;
		if (value <= greatest) continue;
		if (Number.isNaN(value)) return i;
		greatest = value;
		at = i;
	}
	return at;
}

/**
 * Where the first of the smallest of n elements lies, or the first NaN, which counts as smaller
 * than all numbers.
 */
export function firstSmallest(x: Storage, start: number, n: number): number {
	let at = start;
	let smallest = x[start]!;
	if (Number.isNaN(smallest)) return start;
	for (let i = start + 1; i < start + n; i++) {
		const value = x[i]!;
		if (value >= smallest) continue;
		if (Number.isNaN(value)) return i;
		smallest = value;
		at = i;
	}
	return at;
}
