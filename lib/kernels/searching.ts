import type { TypedArray } from "../core/dtype.ts";

/**
 * How many of the n elements from `start` on, which ascend with NaN last, stand before x: those
 * that are less, or with `right` those that are not greater.
 */
export function placeAmong(
	sorted: TypedArray,
	start: number,
	n: number,
	x: number,
	right: boolean,
): number {
	let low = 0;
	let high = n;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (standsBefore(sorted[start + middle]!, x, right)) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** NaN counts as greater than everything, and as equal to NaN. */
function standsBefore(a: number, x: number, right: boolean): boolean {
	if (Number.isNaN(x)) return right || !Number.isNaN(a);
	return right ? a <= x : a < x;
}
