import type { TypedArray } from "../core/dtype.ts";

/** How many elements lie before an axis, along it, and after it. */
export interface PartsOfAxis {
	readonly outer: number;
	readonly size: number;
	readonly inner: number;
}

/** Blocks from this size on are copied as memory. */
const LONG = 64;

/**
 * For each part before the axis, puts the blocks at these positions of the axis side by side into
 * `out`.
 */
export function takeBlocks(
	x: TypedArray,
	positions: Int32Array,
	{ outer, size, inner }: PartsOfAxis,
	out: TypedArray,
): void {
	if (inner === 1) {
		takeSingles(x, positions, 0, positions.length, outer, size, out);
		return;
	}
	let o = 0;
	for (let i = 0; i < outer; i++) {
		for (let j = 0; j < positions.length; j++) {
			let from = (i * size + positions[j]!) * inner;
			if (inner < LONG) for (const end = o + inner; o < end; o++, from++) out[o] = x[from]!;
			else {
				out.set(x.subarray(from, from + inner), o);
				o += inner;
			}
		}
	}
}

/** Fills `out`, of `count` parts along the axis, with the elements at a position for each. */
export function takeAlong(
	x: TypedArray,
	positions: Int32Array,
	count: number,
	{ outer, size, inner }: PartsOfAxis,
	out: TypedArray,
): void {
	if (inner === 1) {
		takeSingles(x, positions, count, count, outer, size, out);
		return;
	}
	let o = 0;
	for (let i = 0; i < outer; i++) {
		for (let j = 0; j < count; j++) {
			for (let k = 0; k < inner; k++, o++) out[o] = x[(i * size + positions[o]!) * inner + k]!;
		}
	}
}

/**
 * out[i·count + j] = x[i·size + positions[i·step + j]] for i and j below `outer` and `count`: for
 * each part the same positions, with a step of 0, or its own.
 */
function takeSingles(
	x: TypedArray,
	positions: Int32Array,
	step: number,
	count: number,
	outer: number,
	size: number,
	out: TypedArray,
): void {
	for (let i = 0, o = 0; i < outer; i++) {
		const [start, from] = [i * size, i * step];
		for (let j = 0; j < count; j++, o++) out[o] = x[start + positions[from + j]!]!;
	}
}
