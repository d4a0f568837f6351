import type { TypedArray } from "../core/dtype.ts";
import { forEachRun, type Strided } from "../core/strided.ts";

/** Copies the elements of a window to the places in `out` that a layout of the same shape gives. */
export function place(
	x: Strided,
	out: TypedArray,
	layout: { readonly strides: readonly number[]; readonly offset: number },
): void {
	const run = x.shape.at(-1) ?? 1;
	const from = x.strides.at(-1) ?? 1;
	const to = layout.strides.at(-1) ?? 1;
	const source = x.array;
	forEachRun(x.shape, [x, layout], ([start, target]) => {
		for (let i = 0, s = start!, t = target!; i < run; i++, s += from, t += to) {
			out[t] = source[s]!;
		}
	});
}

/**
 * Adds the elements of a window to those of `out` at the places that a layout of the same shape
 * gives.
 */
export function addAt(
	x: Strided,
	out: TypedArray,
	layout: { readonly strides: readonly number[]; readonly offset: number },
): void {
	const run = x.shape.at(-1) ?? 1;
	const from = x.strides.at(-1) ?? 1;
	const to = layout.strides.at(-1) ?? 1;
	const source = x.array;
	forEachRun(x.shape, [x, layout], ([start, target]) => {
		for (let i = 0, s = start!, t = target!; i < run; i++, s += from, t += to) {
			out[t]! += source[s]!;
		}
	});
}
