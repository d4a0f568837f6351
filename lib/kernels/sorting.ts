import type { TypedArray } from "../core/dtype.ts";
import { radixOrder, radixSort } from "./radix.ts";

/** From so many elements on, keys are dealt out by their digits; fewer are merged. */
const MANY = 200;

/**
 * The order in which the n elements from `start` are sorted, as positions from 0: ascending with
 * NaN last, or descending with NaN first. Stable: what is equal keeps its order.
 */
export function sortedOrder(
	x: TypedArray,
	start: number,
	n: number,
	descending: boolean,
): Int32Array {
	return n < MANY ? mergedOrder(x, start, n, descending) : radixOrder(x, start, n, descending);
}

/** Puts the n elements from `start` in that order, ascending, from to[o] on. */
export function sortInto(x: TypedArray, start: number, n: number, to: TypedArray, o: number): void {
	if (n >= MANY && (x instanceof Float32Array || x instanceof Int32Array)) {
		radixSort(x, start, n, to, o);
		return;
	}
	const order = sortedOrder(x, start, n, false);
	for (let i = 0; i < n; i++) to[o + i] = x[start + order[i]!]!;
}

/** A merge sort, bottom up. */
export function mergedOrder(
	x: TypedArray,
	start: number,
	n: number,
	descending: boolean,
): Int32Array {
	let from = new Int32Array(n);
	for (let i = 0; i < n; i++) from[i] = i;
	let to = new Int32Array(n);
	for (let run = 1; run < n; run *= 2) {
		for (let left = 0; left < n; left += 2 * run) {
			const middle = Math.min(left + run, n);
			const end = Math.min(left + 2 * run, n);
			let [l, r] = [left, middle];
			for (let o = left; o < end; o++) {
				to[o] =
					l < middle &&
					(r === end || !goesBefore(x[start + from[r]!]!, x[start + from[l]!]!, descending))
						? from[l++]!
						: from[r++]!;
			}
		}
		[from, to] = [to, from];
	}
	return from;
}

/** Whether a stands strictly before b in the order; NaN counts as greater than everything. */
function goesBefore(a: number, b: number, descending: boolean): boolean {
	if (descending) return a > b || (Number.isNaN(a) && !Number.isNaN(b));
	return a < b || (Number.isNaN(b) && !Number.isNaN(a));
}
