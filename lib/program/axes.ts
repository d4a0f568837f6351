import { ShapeError } from "../core/error.ts";
import type { TensorType } from "../core/op.ts";
import { abstractTensor } from "./abstract.ts";
import { Probe } from "./probe.ts";
import type { Program, Value } from "./program.ts";

/** Names of axes for each leaf that has them. */
export type AxisNames = readonly (readonly string[] | undefined)[];

/** A program with what is known of its sizes. */
export interface NamedAxes {
	/** Each axis by its name, or by its size where it has none. */
	readonly axesOf: (value: Value) => readonly string[];
	/** The size of each axis that could be varied, by its label. */
	readonly sizes: ReadonlyMap<string, number>;
	/**
	 * The program at other sizes of these axes: two with names among them, so that no number is read
	 * as a size by chance.
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

/**
 * How axis names travel through ops: the function is recorded once more on shapes in which each
 * named axis has a prime size of its own, and the sizes that come out are read as names. Needs no
 * rule from any op. Axes without a name are varied too, those of one size together: a number that
 * follows them has no name either.
 * @param rerecord records the function on tensors of these types
 * @throws ShapeError when names and shapes do not fit, or one name stands for two sizes
 */
export function axesByPrimes(
	types: readonly TensorType[],
	names: AxisNames,
	program: Program,
	rerecord: (leaves: ReturnType<typeof abstractTensor>[]) => Program,
): NamedAxes {
	const named = sizesOf(types, names);
	const tried = new Map<string, NamedAxes | null>();
	const every = [...named.keys()];
	return (
		attemptAll(every, true) ??
		attemptAll(every, false) ??
		oneByOne() ?? {
			axesOf: ({ type }) => type.shape.map(String),
			sizes: new Map(),
			probes: [],
			isComplete: types.every(({ shape }) => shape.every((size) => size <= 1)),
		}
	);

	/**
	 * As many names as the function leaves free: one that has a size written into it fails with that
	 * axis alone.
	 */
	function oneByOne(): NamedAxes | null {
		let found: NamedAxes | null = null;
		let free: string[] = [];
		for (const name of every) {
			const more = [...free, name];
			const next = attemptAll(more, false);
			if (next !== null) [found, free] = [next, more];
		}
		return found;
	}

	/** Without a guess first, then with each guess of what axes without a name are called. */
	function attemptAll(free: readonly string[], others: boolean): NamedAxes | null {
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
				const own = names[i]?.[axis];
				if (own !== undefined) return free.includes(own) ? own : "";
				const like = guess === null ? [] : likeNames(free, size);
				const choice = like[digits % like.length];
				if (like.length > 0) digits = Math.floor(digits / like.length);
				return choice ?? (others && size > 1 ? UNNAMED + size : "");
			}),
		);
	}

	function attempt(axes: Labels): NamedAxes | null {
		const key = JSON.stringify(axes);
		if (!tried.has(key)) tried.set(key, attemptWith(axes));
		return tried.get(key)!;
	}

	function attemptWith(axes: Labels): NamedAxes | null {
		const sizes = new Map<string, number>();
		for (const [i, { shape }] of types.entries()) {
			for (const [axis, size] of shape.entries()) {
				const label = axes[i]![axis]!;
				if (label !== "") sizes.set(label, size);
			}
		}
		if (sizes.size === 0) return null;
		const isNamed = [...sizes.keys()].some((label) => !isUnnamed(label));
		const probes: Probe[] = [];
		for (const primes of primesFor(sizes, types).slice(0, isNamed ? 2 : 1)) {
			const probe = probeAt(axes, primes);
			if (probe === null) return null;
			probes.push(probe);
		}
		return {
			axesOf: (value) => namesOf(value, sizes, probes),
			sizes,
			probes,
			isComplete: types.every(({ shape }, i) =>
				shape.every((size, axis) => size <= 1 || axes[i]![axis] !== ""),
			),
		};
	}

	function probeAt(axes: Labels, primes: ReadonlyMap<string, number>): Probe | null {
		const leaves = types.map(({ shape, dtype }, i) => {
			const probe = shape.map((size, axis) => primes.get(axes[i]![axis]!) ?? size);
			return abstractTensor({ shape: probe, dtype }, "an argument with its axes named");
		});
		try {
			return Probe.of(program, rerecord(leaves), primes);
		} catch {
			// The function has sizes written into it, or looks at values.
			return null;
		}
	}
}

/** So many guesses are tried of which name an axis without one has. */
const MOST_GUESSES = 16;

/** No name that a person gives starts with it. */
const UNNAMED = "\0";

/** Whether this is the label of axes without a name. */
export function isUnnamed(label: string): boolean {
	return label.startsWith(UNNAMED);
}

function sizesOf(types: readonly TensorType[], names: AxisNames): Map<string, number> {
	const sizes = new Map<string, number>();
	for (const [i, { shape }] of types.entries()) {
		const axes = names[i];
		if (axes === undefined) continue;
		if (axes.length !== shape.length) {
			throw new ShapeError(
				`derive: expected a name for each axis of a tensor of shape (${shape.join("×")}), got [${axes.join(", ")}]`,
			);
		}
		for (const [axis, name] of axes.entries()) {
			const size = shape[axis]!;
			const known = sizes.get(name) ?? size;
			if (known !== size) {
				throw new ShapeError(
					`derive: expected all axes called ${name} to have one size, got ${known} and ${size}`,
				);
			}
			sizes.set(name, size);
		}
	}
	return sizes;
}

/**
 * Two primes for each label, none of them a size that is there already. Small: constants of these
 * shapes are computed. In the second set the greatest comes first, so that the two sets are not
 * alike.
 */
function primesFor(
	sizes: ReadonlyMap<string, number>,
	types: readonly TensorType[],
): Map<string, number>[] {
	const used = new Set(types.flatMap(({ shape }) => shape));
	const primes: number[] = [];
	for (let candidate = 11; primes.length < 2 * sizes.size; candidate++) {
		if (!used.has(candidate) && isPrime(candidate)) primes.push(candidate);
	}
	const labels = [...sizes.keys()];
	return [
		new Map(labels.map((label, i) => [label, primes[i]!])),
		new Map(labels.map((label, i) => [label, primes.at(-1 - i)!])),
	];
}

function isPrime(n: number): boolean {
	for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
	return true;
}

/**
 * Each axis by the labels whose primes make up its size in the first probe, joined with a dot where
 * axes were merged.
 */
function namesOf(
	value: Value,
	sizes: ReadonlyMap<string, number>,
	probes: readonly Probe[],
): string[] {
	const there = probes.map((probe) => probe.at(value)?.type.shape);
	const productAt = (labels: readonly string[], at: ReadonlyMap<string, number>) =>
		labels.reduce((product, label) => product * at.get(label)!, 1);
	return value.type.shape.map((size, axis) => {
		const labels: string[] = [];
		let rest = there[0]?.[axis] ?? 0;
		for (const [label, prime] of probes[0]!.sizes) {
			for (; rest % prime === 0 && rest > 0; rest /= prime) labels.push(label);
		}
		const isRead =
			productAt(labels, sizes) === size &&
			probes.every(({ sizes: at }, i) => productAt(labels, at) === there[i]?.[axis]);
		if (!isRead || labels.every(isUnnamed)) return String(size);
		return labels.map((label) => (isUnnamed(label) ? sizes.get(label) : label)).join("·");
	});
}
