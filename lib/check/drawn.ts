import * as fc from "fast-check";
import type { Draw } from "../op.ts";
import { drawFrom, type Numbers, numbersFrom } from "./draw.ts";

/**
 * An arbitrary of what a function makes of a source of arguments, as `fc.property` takes it: `drawn((draw) => draw.tensor([2, 3]))`.
 * What fails is shrunk by making the numbers that were drawn fewer and smaller, so `make` has to take any numbers in
 * the ranges it asks for, and the same ones have to give the same thing.
 * @param simpler further steps for what cannot be made simpler that way; each has to lead strictly down
 */
export function drawn<T>(
	make: (draw: Draw) => T,
	simpler: (value: T) => Iterable<T> = () => [],
): fc.Arbitrary<T> {
	return new DrawnArbitrary((begin) => {
		const distances: number[] = [];
		const value = make(drawFrom(recording(begin(), distances)));
		return new fc.Value(value, { distances, value });
	}, simpler);
}

/**
 * Sources of arguments for an op's `sample`, and so for the laws:
 * `fc.assert(fc.property(draws(), (draw) => law(op, draw)))`. It shrinks as `drawn` does. Replay it by its
 * seed alone: a path leads over draws whose numbers are known only once the property has run.
 */
export function draws(): fc.Arbitrary<Draw> {
	return new DrawnArbitrary(drawnLater, () => []);
}

/** What a value was made of; without numbers, it can be made simpler only as what it is. */
interface Origin<T> {
	readonly distances: readonly number[];
	readonly value: T;
}

/** The whole number of a range that is nearest to 0; a number that was drawn is told by its distance from it. */
const simplest = (min: number, max: number) => Math.min(Math.max(0, min), max);

class DrawnArbitrary<T> extends fc.Arbitrary<T> {
	private readonly make: (begin: () => Numbers) => fc.Value<T>;
	private readonly simpler: (value: T) => Iterable<T>;

	constructor(make: (begin: () => Numbers) => fc.Value<T>, simpler: (value: T) => Iterable<T>) {
		super();
		this.make = make;
		this.simpler = simpler;
	}

	override generate(random: fc.Random): fc.Value<T> {
		const seed = random.nextInt();
		return this.make(() => numbersFrom(seed));
	}

	override canShrinkWithoutContext(_: unknown): _ is T {
		return false;
	}

	override shrink(_: T, context: unknown): fc.Stream<fc.Value<T>> {
		const { distances, value } = context as Origin<T>;
		return new fc.Stream(this.steps([...distances], value));
	}

	private *steps(distances: readonly number[], value: T): IterableIterator<fc.Value<T>> {
		for (const fewer of simplerLists(distances)) {
			yield this.make(() => {
				let at = 0;
				return (min, max) => Math.min(Math.max(min, simplest(min, max) + (fewer[at++] ?? 0)), max);
			});
		}
		for (const next of this.simpler(value)) {
			yield new fc.Value(next, { distances: [], value: next });
		}
	}
}

/** The same numbers, with their distances from the simplest ones written down. */
function recording(next: Numbers, distances: number[]): Numbers {
	return (min, max) => {
		const value = next(min, max);
		distances.push(value - simplest(min, max));
		return value;
	};
}

/** A Draw, for something to be drawn from it later: what it was is known when it has been. */
function drawnLater(begin: () => Numbers): fc.Value<Draw> {
	const distances: number[] = [];
	const begun = (): Draw => {
		distances.length = 0;
		return Object.assign(drawFrom(recording(begin(), distances)), {
			[fc.cloneMethod]: begun,
			[fc.toStringMethod]: () => `a draw of ${distances.length} numbers`,
		});
	};
	const value = begun();
	return new fc.Value(value, { distances, value }, begun);
}

/** The numbers that are this little nearer to 0 are tried one by one: what they stand for need not be in order. */
const FEW = 6;

/**
 * Lists that are shorter, or as long and nearer to 0, the boldest steps first. What is drawn beyond a list counts as 0, so
 * zeros at the end do not count: each step leads strictly down.
 */
function* simplerLists(all: readonly number[]): IterableIterator<number[]> {
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
		for (let gap = Math.trunc(d / 2); Math.abs(gap) > FEW; gap = Math.trunc(gap / 2)) {
			yield distances.with(i, d - gap);
		}
		for (let size = Math.max(1, Math.abs(d) - FEW); size < Math.abs(d); size++) {
			yield distances.with(i, Math.sign(d) * size);
		}
	}
}
