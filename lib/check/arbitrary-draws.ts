import * as fc from "fast-check";
import type { Draw } from "../op.ts";
import { drawFrom } from "./draw.ts";

/** One in so many numbers is the first of its range outright, and one in so many the last: mistakes gather at the ends. */
const ENDS = 16;

/**
 * Sources of arguments for an op's `sample`, and so for the laws:
 * `fc.assert(fc.property(draws(), (draw) => law(op, draw)))`. What fails is shrunk by making the numbers that were drawn
 * fewer and smaller.
 */
export function draws(): fc.Arbitrary<Draw> {
	return new DrawArbitrary();
}

/** The whole number of a range that is nearest to 0; a number that was drawn is told by its distance from it. */
const simplest = (min: number, max: number) => Math.min(Math.max(0, min), max);

class DrawArbitrary extends fc.Arbitrary<Draw> {
	override generate(random: fc.Random): fc.Value<Draw> {
		const seed = random.nextInt();
		return drawn(() => numbersFrom(seed));
	}

	override canShrinkWithoutContext(_: unknown): _ is Draw {
		return false;
	}

	override shrink(_: Draw, context: unknown): fc.Stream<fc.Value<Draw>> {
		return new fc.Stream(simpler([...(context as readonly number[])])).map((distances) =>
			drawn(() => {
				let at = 0;
				return (min, max) =>
					Math.min(Math.max(min, simplest(min, max) + (distances[at++] ?? 0)), max);
			}),
		);
	}
}

/** A Draw over the numbers that `begin` starts to give; what was drawn is its context. */
function drawn(begin: () => (min: number, max: number) => number): fc.Value<Draw> {
	const distances: number[] = [];
	const begun = (): Draw => {
		const next = begin();
		distances.length = 0;
		const draw = drawFrom((min, max) => {
			const value = next(min, max);
			distances.push(value - simplest(min, max));
			return value;
		});
		return Object.assign(draw, {
			[fc.cloneMethod]: begun,
			[fc.toStringMethod]: () => `a draw of ${distances.length} numbers`,
		});
	};
	return new fc.Value(begun(), distances, begun);
}

/**
 * Lists that are shorter, or as long and nearer to 0, the boldest steps first. What is drawn beyond a list counts as 0, so
 * zeros at the end do not count: each step leads strictly down.
 */
function* simpler(all: readonly number[]): IterableIterator<number[]> {
	const distances = all.slice(0, all.findLastIndex((d) => d !== 0) + 1);
	for (let size = distances.length; size >= 1; size = Math.floor(size / 2)) {
		for (let start = 0; start < distances.length; start += size) {
			const [before, after] = [distances.slice(0, start), distances.slice(start + size)];
			const part = distances.slice(start, start + size);
			yield [...before, ...after];
			if (part.some((d) => d !== 0)) yield [...before, ...part.fill(0), ...after];
		}
	}
	for (const [i, d] of distances.entries()) {
		for (let gap = Math.trunc(d / 2); gap !== 0; gap = Math.trunc(gap / 2)) {
			yield distances.with(i, d - gap);
		}
		if (Math.abs(d) > 1) yield distances.with(i, d - Math.sign(d));
	}
}

/** Whole numbers of any range, the same ones from the same seed. */
export function numbersFrom(seed: number): (min: number, max: number) => number {
	const next = uniform(seed);
	return (min, max) => {
		const end = Math.floor(next() * ENDS);
		const value = min + Math.floor(next() * (max - min + 1));
		return end === 0 ? min : end === 1 ? max : value;
	};
}

/** Numbers from 0 to below 1 (mulberry32, by T. Ettinger). */
function uniform(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let bits = Math.imul(state ^ (state >>> 15), state | 1);
		bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
		return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
	};
}
