import type { Elements } from "./values.ts";

/** What came of the part of a program that a variable is defined by. */
export type Outcome =
	| { readonly kind: "value"; readonly value: Elements }
	| { readonly kind: "stopped"; readonly message: string };

/** A variable that is moved, and what is asked of those that follow from it. */
export interface Move {
	readonly of: string;
	readonly direction: Float64Array;
	/** How far it is moved both ways, in order. */
	readonly steps: readonly number[];
	/** The parts of the program to run again, in order. */
	readonly parts: readonly number[];
	/** What each of these variables counts, element by element; the parts after see it unmoved. */
	readonly weights: ReadonlyMap<string, Float64Array>;
	/** Variables that keep their value. */
	readonly held: ReadonlySet<string>;
}

/** What a probe found at one step h, from values c at u + h·d, u, and u − h·d. */
export interface Movement {
	/** Σ weight·(c₊ − c₋) / 2h. */
	readonly slope: number;
	/**
	 * Σ |weight·(c₊ + c₋ − 2c)| / 2h: it goes to 0 with h, but at a kink, where the slope is off by
	 * this at most.
	 */
	readonly bend: number;
	/** The root of the sum of the squares of the terms of the slope. */
	readonly size: number;
	/** Σ |weight·c| / 2h, of the greatest c: so much the rounding of c counts. */
	readonly load: number;
}

/** A line that runs by itself. */
export interface Visit {
	/** What is set before, and stays: a list for what is filled entry by entry. */
	readonly set: ReadonlyMap<string, Elements | readonly Elements[]>;
	/** The places in the loops around it, by their variables. */
	readonly places: ReadonlyMap<string, number>;
	readonly text: string;
	readonly reads: ReadonlySet<string>;
	readonly writes: readonly string[];
	/** The names that it declares, in JavaScript. */
	readonly declares: ReadonlySet<string>;
	/** What is wanted of it: a variable or an entry; null for nothing. */
	readonly shows: string | null;
}

/** Sums over the elements of all variables that moved. */
export interface MovedSums {
	odd: number;
	even: number;
	squares: number;
	load: number;
}

/** Runs a printed program, part by part. */
export interface Executor {
	/**
	 * Runs all parts in order. After each the expected values take the place of what it gave, so each
	 * part is judged by itself.
	 * @param given what stands for arguments in this run; left out: what the executor was given
	 * @returns what came of each variable; of those that are not expected, as far as it is numbers
	 */
	run(
		expected: ReadonlyMap<string, Elements>,
		given?: ReadonlyMap<string, Elements>,
	): ReadonlyMap<string, Outcome>;
	/**
	 * Runs lines one after the other, from the values of the last run, which stay as they are.
	 * @returns what each one gave of what is wanted, or null
	 */
	visit(visits: readonly Visit[]): readonly (Outcome | null)[];
	/** Moves variables from the values of the last run. */
	move(probes: readonly Move[]): readonly (readonly Movement[])[];
	/** Runs the whole text at once and gives the variables of these names. */
	whole(names: readonly string[]): ReadonlyMap<string, Outcome>;
}

/** One term of the sums: what is equal, or counts nothing, does not move. */
export function addMoved(
	plus: Float64Array,
	base: Float64Array,
	minus: Float64Array,
	weight: Float64Array,
	sums: MovedSums,
): void {
	for (let i = 0; i < weight.length; i++) {
		const w = weight[i]!;
		const p = plus[i]!;
		const b = base[i]!;
		const m = minus[i]!;
		if (w === 0) continue;
		const greatest = Math.max(Math.abs(p), Math.abs(b), Math.abs(m));
		if (Number.isFinite(greatest)) sums.load += Math.abs(w) * greatest;
		if (p === m && p === b) continue;
		const odd = p === m ? 0 : w * (p - m);
		sums.odd += odd;
		sums.squares += odd * odd;
		sums.even += Math.abs(w * (p - b + (m - b)));
	}
}
