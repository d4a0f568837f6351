import type { TensorType } from "../core/op.ts";
import { abstractTensor } from "./abstract.ts";
import { atGiven, type Given, type Recording } from "./at-sizes.ts";
import {
	type AxisNames,
	isUnnamed,
	multipleOf,
	namedSizes,
	namesOf,
	UNNAMED,
} from "./axis-names.ts";
import { Probe } from "./probe.ts";
import type { Program, Value } from "./program.ts";
import { trialSizes } from "./trial-sizes.ts";

/** A program with what is known of its sizes. */
export interface NamedAxes {
	/** Each axis by its name, or by its size where it has none. */
	readonly axesOf: (value: Value) => readonly string[];
	/** The size of each axis that could be varied, by its label. */
	readonly sizes: ReadonlyMap<string, number>;
	/** The sizes of the program: those, or others where they are special. */
	readonly home: ReadonlyMap<string, number>;
	/**
	 * The program at other sizes of these axes: three with names among them, so that no number is
	 * read as a size by chance.
	 */
	readonly probes: readonly Probe[];
	/**
	 * Whether every axis could be varied, so that a number which is the same at all probes depends on
	 * no size.
	 */
	readonly isComplete: boolean;
}

/**
 * What an axis is called whose size is another one at the probes; the empty string for one that
 * keeps its size.
 */
type Labels = readonly (readonly string[])[];

/** What is known of sizes, and the recording that it is known of. */
export interface Found<R> extends NamedAxes {
	readonly recording: R;
	/**
	 * The recording has sizes of which nothing special is true: what it is at the given ones. Null:
	 * it has those.
	 */
	readonly given: Given | null;
}

/**
 * How axis names travel through ops: the function is recorded once more on shapes in which each
 * named axis has a prime size of its own, and the sizes that come out are read as names. Needs no
 * rule from any op. Axes without a name are varied too, those of one size together: a number that
 * follows them has no name either.
 *
 * Where the given sizes are special, so that the program at them is another one, as where 2/N is 1
 * or D is 1, it is taken from sizes that are not.
 * @param first the function at the given sizes
 * @param rerecord records it on tensors of these types
 * @param isSame whether a program of the given sizes computes what the function does
 * @throws ShapeError when names and shapes do not fit, or one name stands for two sizes
 */
export function axesByPrimes<R extends Recording>(
	types: readonly TensorType[],
	names: AxisNames,
	first: R,
	rerecord: (leaves: ReturnType<typeof abstractTensor>[]) => R,
	isSame: (program: Program) => boolean,
): Found<R> {
	const named = namedSizes(types, names);
	const tried = new Map<string, Found<R> | null>();
	const recordings = new Map<string, R | null>();
	const every = [...named.keys()];
	return (
		attemptAll(every, true) ??
		attemptAll(every, false) ??
		oneByOne() ?? {
			axesOf: ({ type }) => type.shape.map(String),
			sizes: new Map(),
			home: new Map(),
			probes: [],
			recording: first,
			given: null,
			isComplete: isVaried(types.map(() => [])),
		}
	);

	/**
	 * Whether every axis has a label. One of size 1 needs none if it has no name: it is there to be
	 * stretched. If it has one, what other sizes need, such as a division by 1, may be left out.
	 */
	function isVaried(axes: Labels): boolean {
		const needsNone = (size: number, i: number, axis: number) =>
			size <= 1 && names[i]?.[axis] === undefined;
		return types.every(({ shape }, i) =>
			shape.every((size, axis) => needsNone(size, i, axis) || Boolean(axes[i]![axis])),
		);
	}

	/**
	 * As many names as the function leaves free: one that has a size written into it fails with that
	 * axis alone.
	 */
	function oneByOne(): Found<R> | null {
		let found: Found<R> | null = null;
		let free: string[] = [];
		for (const name of every) {
			const more = [...free, name];
			const next = attemptAll(more, false);
			if (next !== null) [found, free] = [next, more];
		}
		return found;
	}

	/** Without a guess first, then with each guess of what axes without a name are called. */
	function attemptAll(free: readonly string[], others: boolean): Found<R> | null {
		let found = attempt(labels(free, { guess: null, others }));
		const all = types
			.flatMap(({ shape }, i) =>
				shape.map((size, axis) =>
					names[i]?.[axis] === undefined ? likeNames(free, size).length : 1,
				),
			)
			.reduce((product, n) => product * Math.max(n, 1), 1);
		for (let guess = 0; found === null && guess < Math.min(all, MOST_GUESSES); guess++) {
			found = attempt(labels(free, { guess, others }));
		}
		return found;
	}

	/** The names that an axis of this size may have. */
	function likeNames(free: readonly string[], size: number): string[] {
		return free.filter((name) => named.get(name) === size);
	}

	/**
	 * @param guess which guess takes an axis without a name for a named one of its size, where
	 * several names have that size; null: none does
	 * @param others whether axes without a name get a label by their size
	 */
	function labels(
		free: readonly string[],
		{ guess, others }: { guess: number | null; others: boolean },
	): Labels {
		// A digit for each axis without a name says which of the names it takes.
		let digits = guess ?? 0;
		return types.map(({ shape }, i) =>
			shape.map((size, axis) => {
				const own = multipleOf(names[i]?.[axis])?.label;
				if (own !== undefined) return free.includes(own) ? own : "";
				const like = guess === null ? [] : likeNames(free, size);
				const choice = like[digits % like.length];
				if (like.length > 0) digits = Math.floor(digits / like.length);
				return choice ?? (others && size > 1 ? UNNAMED + size : "");
			}),
		);
	}

	/** How many times the size of its label an axis has. */
	function timesOf(i: number, axis: number): number {
		return multipleOf(names[i]?.[axis])?.times ?? 1;
	}

	function attempt(axes: Labels): Found<R> | null {
		const key = JSON.stringify(axes);
		if (!tried.has(key)) tried.set(key, attemptWith(axes));
		return tried.get(key)!;
	}

	function attemptWith(axes: Labels): Found<R> | null {
		const sizes = new Map<string, number>();
		for (const [i, { shape }] of types.entries()) {
			for (const [axis, size] of shape.entries()) {
				const label = axes[i]![axis]!;
				if (label !== "") sizes.set(label, size / timesOf(i, axis));
			}
		}
		if (sizes.size === 0) return null;
		const isNamed = [...sizes.keys()].some((label) => !isUnnamed(label));
		const sets = trialSizes(sizes, types).map((set) => (isNamed ? set : set.slice(0, 1)));
		const isComplete = isVaried(axes);
		const alike = () => {
			for (const [...points] of sets) {
				const probes = probesOf(first, axes, points.slice(0, PROBES));
				if (probes === null) continue;
				const axesOf = (value: Value) => namesOf(value, sizes, probes);
				return { axesOf, sizes, home: sizes, probes, recording: first, given: null, isComplete };
			}
			return null;
		};
		const isSpecial = [...sizes].some(([label, size]) => !isUnnamed(label) && size === 1);
		if (!isNamed) return alike();
		return isSpecial ? (elsewhere() ?? alike()) : (alike() ?? elsewhere());

		/** The program at other sizes, where it is known what that is at the given ones. */
		function elsewhere(): Found<R> | null {
			for (const set of sets) {
				const points = set.slice(0, PROBES);
				// They are shorter than the program at home would be, if sizes count what is done.
				const nearest = recordedAt(axes, points[0]!);
				if (nearest === null || probesOf(nearest, axes, points.slice(1, 2)) === null) continue;
				const unnamed = [...sizes].filter(([label]) => isUnnamed(label));
				const home = new Map([...set[PROBES]!, ...unnamed]);
				const recording = recordedAt(axes, home);
				const probes = recording && probesOf(recording, axes, points);
				if (recording === null || probes === null) continue;
				const others = points.map((point) => recordedAt(axes, point)!);
				const given = atGiven(recording, home, others, probes, { types, sizes });
				if (given === null || !isSame(given.recorded.program)) continue;
				const axesOf = (value: Value) => namesOf(value, home, probes);
				return { axesOf, sizes, home, probes, recording, given, isComplete };
			}
			return null;
		}
	}

	function probesOf(
		{ program }: R,
		axes: Labels,
		points: readonly ReadonlyMap<string, number>[],
	): Probe[] | null {
		const probes: Probe[] = [];
		for (const point of points) {
			const there = recordedAt(axes, point);
			const probe = there === null ? null : Probe.of(program, there.program, point);
			if (probe === null) return null;
			probes.push(probe);
		}
		return probes;
	}

	/** The function at these sizes; null where it does not run at them. */
	function recordedAt(axes: Labels, sizes: ReadonlyMap<string, number>): R | null {
		const key = JSON.stringify([axes, [...sizes]]);
		if (!recordings.has(key)) recordings.set(key, record(axes, sizes));
		return recordings.get(key)!;
	}

	function record(axes: Labels, sizes: ReadonlyMap<string, number>): R | null {
		const leaves = types.map(({ shape, dtype }, i) => {
			const lengths = shape.map((length, axis) => {
				const size = sizes.get(axes[i]![axis]!);
				return size === undefined ? length : size * timesOf(i, axis);
			});
			return abstractTensor({ shape: lengths, dtype }, "an argument with its axes named");
		});
		try {
			return rerecord(leaves);
		} catch {
			// The function has sizes written into it, or looks at values.
			return null;
		}
	}
}

/** So many of the trial sizes are probes where axes have names; the next is home. */
const PROBES = 3;

/** So many guesses are tried of which name an axis without one has. */
const MOST_GUESSES = 16;
