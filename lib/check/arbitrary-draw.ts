import * as fc from "fast-check";
import type { Draw } from "../core/op.ts";
import { drawFrom, type Grouping, type NumberSource, numbersFrom } from "./sampling.ts";

/**
 * An arbitrary of what a function makes of a source of arguments, as `fc.property` takes it:
 * `drawn((draw) => draw.tensor([2, 3]))`. What fails is shrunk by making the numbers that were
 * drawn fewer and smaller, so `make` has to take any numbers in the ranges it asks for, and the
 * same ones have to give the same thing.
 * @param simpler further steps for what cannot be made simpler that way; each has to lead strictly
 * down
 */
export function drawn<T>(
	make: (draw: Draw) => T,
	simpler: (value: T) => Iterable<T> = () => [],
): fc.Arbitrary<T> {
	return new DrawnArbitrary((begin) => {
		const distances: Distances = [];
		const value = make(recordedDraw(begin(), distances));
		return new fc.Value(value, { distances, value });
	}, simpler);
}

/**
 * Sources of arguments for an op's `sample`, and so for the laws: `fc.assert(fc.property(draws(),
 * (draw) => law(op, draw)))`. It shrinks as `drawn` does. Replay it by its seed alone: a path leads
 * over draws whose numbers are known only once the property has run.
 */
export function draws(): fc.Arbitrary<Draw> {
	return new DrawnArbitrary(drawnLater, () => []);
}

/** A source of numbers that knows which of them belong together. */
interface Source {
	readonly integer: NumberSource;
	readonly group: Grouping;
}

/**
 * Numbers that were drawn, each told by its distance from the simplest one of its range; those of a
 * shape or tensor are a list of their own.
 */
type Distances = (number | Distances)[];

/** What a value was made of; without numbers, it can be made simpler only as what it is. */
interface Origin<T> {
	readonly distances: Distances;
	readonly value: T;
}

/** The whole number of a range that is nearest to 0. */
const simplest = (min: number, max: number) => Math.min(Math.max(0, min), max);

class DrawnArbitrary<T> extends fc.Arbitrary<T> {
	private readonly make: (begin: () => Source) => fc.Value<T>;
	private readonly simpler: (value: T) => Iterable<T>;

	constructor(make: (begin: () => Source) => fc.Value<T>, simpler: (value: T) => Iterable<T>) {
		super();
		this.make = make;
		this.simpler = simpler;
	}

	override generate(random: fc.Random): fc.Value<T> {
		const seed = random.nextInt();
		return this.make(() => ({ integer: numbersFrom(seed), group: (make) => make() }));
	}

	override canShrinkWithoutContext(_: unknown): _ is T {
		return false;
	}

	override shrink(_: T, context: unknown): fc.Stream<fc.Value<T>> {
		const { distances, value } = context as Origin<T>;
		return new fc.Stream(this.steps(distances.slice(), value));
	}

	private *steps(distances: Distances, value: T): IterableIterator<fc.Value<T>> {
		for (const fewer of simplerLists(distances)) {
			yield this.make(() => replaying(fewer));
		}
		for (const next of this.simpler(value)) {
			yield new fc.Value(next, { distances: [], value: next });
		}
	}
}

/** A Draw from a source, whose numbers are written down as they are given. */
function recordedDraw({ integer, group }: Source, distances: Distances): Draw {
	let list = distances;
	return drawFrom(
		(min, max) => {
			const value = integer(min, max);
			list.push(value - simplest(min, max));
			return value;
		},
		(make) => {
			const outer = list;
			list = [];
			outer.push(list);
			const made = group(make);
			list = outer;
			return made;
		},
	);
}

/** The numbers again, as far as they fit the ranges; what is missing is the simplest. */
function replaying(distances: Distances): Source {
	let [list, at] = [distances, 0];
	return {
		integer: (min, max) => {
			const distance = list[at++];
			const value = simplest(min, max) + (typeof distance === "number" ? distance : 0);
			return Math.min(Math.max(min, value), max);
		},
		group: (make) => {
			const inner = list[at++];
			const outer = [list, at] as const;
			[list, at] = [typeof inner === "object" ? inner : [], 0];
			const made = make();
			[list, at] = outer;
			return made;
		},
	};
}

/** A Draw, for something to be drawn from it later: what it was is known when it has been. */
function drawnLater(begin: () => Source): fc.Value<Draw> {
	const distances: Distances = [];
	const begun = (): Draw => {
		distances.length = 0;
		return Object.assign(recordedDraw(begin(), distances), {
			[fc.cloneMethod]: begun,
			[fc.toStringMethod]: () => "a draw",
		});
	};
	const value = begun();
	return new fc.Value(value, { distances, value }, begun);
}

/**
 * The numbers that are this little nearer to 0 are tried one by one: what they stand for need not
 * be in order.
 */
const FEW = 6;

/**
 * Lists that are shorter, or as long and nearer to 0, the boldest steps first. What is drawn beyond
 * a list counts as 0, so zeros at the end do not count: each step leads strictly down.
 */
function* simplerLists(all: Distances): IterableIterator<Distances> {
	const distances = all.slice(0, all.findLastIndex((d) => !isZero(d)) + 1);
	for (let size = distances.length; size >= 1; size = Math.floor(size / 2)) {
		for (let start = 0; start < distances.length; start += size) {
			const [before, after] = [distances.slice(0, start), distances.slice(start + size)];
			const part = distances.slice(start, start + size);
			yield [...before, ...after];
			if (!isZero(part)) yield [...before, ...part.map(zero), ...after];
		}
	}
	for (const [i, d] of distances.entries()) {
		for (const nearer of typeof d === "number" ? nearerNumbers(d) : simplerLists(d)) {
			yield distances.with(i, nearer);
		}
	}
}

function* nearerNumbers(d: number): IterableIterator<number> {
	for (let gap = Math.trunc(d / 2); Math.abs(gap) > FEW; gap = Math.trunc(gap / 2)) yield d - gap;
	for (let size = Math.max(1, Math.abs(d) - FEW); size < Math.abs(d); size++) {
		yield Math.sign(d) * size;
	}
}

const isZero = (d: number | Distances): boolean =>
	typeof d === "number" ? d === 0 : d.every(isZero);
const zero = (d: number | Distances): number | Distances => (typeof d === "number" ? 0 : []);
