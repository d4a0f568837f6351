import { ShapeError } from "../core/error.ts";
import type { TensorType } from "../core/op.ts";
import { abstractTensor } from "./abstract.ts";
import { Probe } from "./probe.ts";
import type { Program, Value } from "./program.ts";
import { labelsOf, readSize, type SizeFactor } from "./sizes.ts";
import { trialSizes } from "./trial-sizes.ts";

/** Names of axes for each leaf that has them. */
export type AxisNames = readonly (readonly string[] | undefined)[];

/** A program with what is known of its sizes. */
export interface NamedAxes {
	/** Each axis by its name, or by its size where it has none. */
	readonly axesOf: (value: Value) => readonly string[];
	/** The size of each axis that could be varied, by its label. */
	readonly sizes: ReadonlyMap<string, number>;
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
				if (label !== "") sizes.set(label, size / timesOf(i, axis));
			}
		}
		if (sizes.size === 0) return null;
		const isNamed = [...sizes.keys()].some((label) => !isUnnamed(label));
		const [mixed, ordered] = trialSizes(sizes, types);
		const probes = probesAt(axes, isNamed ? mixed : mixed.slice(0, 1)) ?? probesAt(axes, ordered);
		if (probes === null) return null;
		return {
			axesOf: (value) => namesOf(value, sizes, probes),
			sizes,
			probes,
			isComplete: isVaried(axes),
		};
	}

	function probesAt(axes: Labels, sets: readonly ReadonlyMap<string, number>[]): Probe[] | null {
		const probes: Probe[] = [];
		for (const primes of sets) {
			const probe = probeAt(axes, primes);
			if (probe === null) return null;
			probes.push(probe);
		}
		return probes;
	}

	function probeAt(axes: Labels, primes: ReadonlyMap<string, number>): Probe | null {
		const leaves = types.map(({ shape, dtype }, i) => {
			const probe = shape.map((size, axis) => {
				const prime = primes.get(axes[i]![axis]!);
				return prime === undefined ? size : prime * timesOf(i, axis);
			});
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

/** An axis by the name that a person gives: `4·H` or `4*H` is four times as long as `H`. */
function multipleOf(name: string | undefined): { label: string; times: number } | undefined {
	if (name === undefined) return undefined;
	const match = /^([1-9]\d*) ?[·*] ?(.+)$/su.exec(name);
	return match === null ? { label: name, times: 1 } : { label: match[2]!, times: Number(match[1]) };
}

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
			const { label, times } = multipleOf(name)!;
			const size = shape[axis]! / times;
			if (!Number.isInteger(size)) {
				throw new ShapeError(
					`derive: expected the axis called ${name} to have a multiple of ${times} as its size, got ${shape[axis]}`,
				);
			}
			const known = sizes.get(label) ?? size;
			if (known !== size) {
				throw new ShapeError(
					`derive: expected all axes called ${label} to have one size, got ${known} and ${size}`,
				);
			}
			sizes.set(label, size);
		}
	}
	return sizes;
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
		if (!isRead) return sumText([size, ...there.map((shape) => shape?.[axis] ?? 0)], sizes, probes);
		if (labels.every(isUnnamed)) return String(size);
		return labels.map((label) => (isUnnamed(label) ? sizes.get(label) : label)).join("·");
	});
}

/** A size that is made of others by a sum, `N·(L−K+1)`; the number itself where it is not. */
function sumText(
	numbers: readonly number[],
	sizes: ReadonlyMap<string, number>,
	probes: readonly Probe[],
): string {
	const points = [sizes, ...probes.map((probe) => probe.sizes)];
	const size = readSize(numbers, points, 0);
	const isText = (factor: SizeFactor) => factor.power === 1 && !labelsOf(factor).some(isUnnamed);
	if (size === null || !Number.isInteger(size.coefficient) || !size.factors.every(isText)) {
		return String(numbers[0]);
	}
	const signed = (x: string | number, isLess: boolean) => `${isLess ? "−" : "+"}${x}`;
	const one = ({ label, second, offset }: SizeFactor) => {
		const more = second === undefined ? "" : signed(second.label, second.sign < 0);
		const text = more + (offset === 0 ? "" : signed(Math.abs(offset), offset < 0));
		return text === "" ? label : `(${label}${text})`;
	};
	const texts = size.factors.map(one);
	return [...(size.coefficient === 1 && texts.length > 0 ? [] : [size.coefficient]), ...texts].join(
		"·",
	);
}
