import { allocate, type DType } from "../core/dtype.ts";
import type { Domain, Draw } from "../core/op.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";

/** Whole numbers from `min` to `max`, both included. */
export type NumberSource = (min: number, max: number) => number;

/**
 * Runs what draws the numbers of one shape or tensor: a source that can be made simpler keeps them
 * together.
 */
export type Grouping = <T>(make: () => T) => T;

/**
 * One in so many numbers is the first of its range outright, and one in so many the last: mistakes
 * gather at the ends.
 */
const ENDS = 16;

/** Elements lie this far from the values that a domain avoids. */
const CLEARANCE = 0.25;
/** How far apart distinct elements are: much more than finite differences move them. */
const SPACING = 1 / 8;

/** How many elements axes may have, by rank: tensors stay below a hundred elements. */
const MOST = [1, 8, 6, 4, 3];

/**
 * The eighths of a domain, the simplest first: few enough, and easy to read in a counterexample.
 */
export function eighths({ min = -2, max = 2, avoid = [] }: Domain = {}): number[] {
	const points: number[] = [];
	for (let k = Math.ceil(min * 8); k <= max * 8; k++) {
		if (avoid.every((value) => Math.abs(k / 8 - value) >= CLEARANCE)) points.push(k / 8);
	}
	const digits = (x: number) => [1, 2, 4, 8].findIndex((parts) => Number.isInteger(x * parts));
	return points.sort(
		(a, b) => digits(a) - digits(b) || Math.abs(a) - Math.abs(b) || Math.sign(b) - Math.sign(a),
	);
}

/**
 * How the elements of a tensor lie in memory: in order, axes reversed, with gaps, or with gaps and
 * backwards.
 */
export type Layout = 0 | 1 | 2 | 3;

/**
 * A tensor with these elements, given in row-major order, in a layout of choice; 0 is row-major.
 */
export function layOut(
	values: ArrayLike<number>,
	shape: Shape,
	dtype: DType = "float64",
	layout: Layout = 0,
): Tensor {
	const gap = layout >= 2 ? 2 : 1;
	const order = shape.map((_, i) => (layout % 2 === 1 ? i : shape.length - 1 - i));
	const strides = new Array<number>(shape.length);
	let step = gap;
	for (const axis of order) {
		strides[axis] = step;
		step *= Math.max(1, shape[axis]!);
	}
	const backwards = layout === 3 && values.length > 0;
	const storage = allocate(dtype, gap * values.length + (gap - 1));
	const last = gap * (values.length - 1);
	for (let i = 0; i < values.length; i++) {
		let at = 0;
		for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
			at += (rest % shape[axis]!) * strides[axis]!;
			rest = Math.floor(rest / shape[axis]!);
		}
		storage[backwards ? last - at : at] = values[i]!;
	}
	if (!backwards) return new Tensor(storage, dtype, shape, strides);
	const reversed = strides.map((stride) => -stride);
	return new Tensor(storage, dtype, shape, reversed, last);
}

/**
 * A source of arguments for an op's `sample`, over a source of whole numbers (from `min` to `max`,
 * both included). Numbers nearer to 0 give simpler arguments: smaller shapes, simpler elements, a
 * row-major layout.
 */
export function drawFrom(integer: NumberSource, group: Grouping = (make) => make()): Draw {
	let distinctTaken = 0;
	const laidOut = (values: readonly number[], shape: Shape) =>
		layOut(values, shape, "float64", integer(0, 3) as Layout);
	return {
		integer,
		pick: (choices) => choices[integer(0, choices.length - 1)]!,
		shape: ({ minRank = 0, maxRank = 4, minSize = 0 } = {}) =>
			group(() => {
				const rank = integer(minRank, maxRank);
				const most = MOST[rank] ?? 2;
				return Array.from({ length: rank }, () => integer(minSize, most));
			}),
		tensor: (shape, domain) =>
			group(() => {
				const points = eighths(domain);
				const one = () => points[integer(0, points.length - 1)]!;
				return laidOut(Array.from({ length: sizeOf(shape) }, one), shape);
			}),
		distinct: (shape) =>
			group(() => {
				const size = sizeOf(shape);
				const values = Array.from({ length: size }, (_, i) => spaced(distinctTaken + i));
				distinctTaken += size;
				return laidOut(shuffled(values, integer), shape);
			}),
	};
}

/** The i-th of evenly spaced numbers: 0, s, −s, 2s, −2s, …. */
function spaced(i: number): number {
	return SPACING * (i % 2 === 1 ? (i + 1) / 2 : -i / 2) + 0;
}

/** In a random order; numbers of 0 leave the order as it is. */
export function shuffled<T>(items: readonly T[], integer: NumberSource): T[] {
	const out = [...items];
	for (let i = out.length - 1; i > 0; i--) {
		const j = i - integer(0, i);
		[out[i], out[j]] = [out[j]!, out[i]!];
	}
	return out;
}

/** Whole numbers of any range, the same ones from the same seed. */
export function numbersFrom(seed: number): NumberSource {
	const next = fractionsFrom(seed);
	return (min, max) => {
		const end = Math.floor(next() * ENDS);
		const value = min + Math.floor(next() * (max - min + 1));
		return end === 0 ? min : end === 1 ? max : value;
	};
}

/** Numbers from 0 to below 1 (mulberry32, by T. Ettinger). */
export function fractionsFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let bits = Math.imul(state ^ (state >>> 15), state | 1);
		bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
		return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
	};
}
