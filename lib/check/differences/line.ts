/**
 * A function along a line through the point where it is checked: t ↦ every element of its results
 * at x + t·direction.
 */
export interface Line {
	readonly at: (t: number) => Float64Array;
	/** `at(0)`. */
	readonly center: Float64Array;
	/**
	 * For each element, the standard deviation of its rounding errors no farther from the point than
	 * a step; infinite where the function changes so fast that steps of this size do not resolve it.
	 */
	readonly noiseAt: (step: number) => Float64Array;
	/** The least that it can be: what rounding in the recorded graph leaves. */
	readonly leastNoise: Float64Array;
	/** The size of its terms, as its rounding errors tell. */
	readonly terms: Float64Array;
	/** For each element, the distance from 1 to the next number of its dtype. */
	readonly epsilon: Float64Array;
	/** The distance over which the point moves by as much as its size. */
	readonly scale: number;
	/** The step to begin with. */
	readonly firstStep: number;
	/** Below this step the point does not move. */
	readonly leastStep: number;
	/**
	 * Below this step a move may be lost in the rounding of sums, so that no change means nothing.
	 */
	readonly leastTellingStep: number;
}

/** What differences say of the derivative of one element along a line. */
export interface Numeric {
	/**
	 * `smooth`: left and right agree. `kink`: they do not. `jump`: the element leaps there, and the
	 * pieces beside it have these derivatives. `edge`: it is finite on one side only. `unresolved`:
	 * it changes too fast for every step. `none`: it is not finite.
	 */
	readonly kind: "smooth" | "kink" | "jump" | "edge" | "unresolved" | "none";
	/** The derivatives on the two sides. */
	readonly left: number;
	readonly right: number;
	/**
	 * How far each may be off: twice the estimate of the extrapolation error and ten standard
	 * deviations of rounding.
	 */
	readonly bound: number;
	/** The estimate of the extrapolation error. */
	readonly estimate: number;
	/** The first step of the differences. */
	readonly step: number;
	/** The element over the size of the argument: what is small beside it is nothing. */
	readonly natural: number;
	/** The same for the terms of the element, which may cancel. */
	readonly terms: number;
	/** On how many sizes of steps the kink or jump shows. */
	readonly seen: number;
	/**
	 * The size of the element near the point, and of its rounding errors; 0 where it was not asked
	 * for.
	 */
	readonly reach: number;
	readonly noise: number;
}

/** Nothing is known. */
export const unknown: Numeric = {
	kind: "none",
	left: Number.NaN,
	right: Number.NaN,
	bound: Number.POSITIVE_INFINITY,
	estimate: Number.POSITIVE_INFINITY,
	step: 0,
	natural: 0,
	terms: 0,
	seen: 0,
	reach: 0,
	noise: 0,
};

/** The function is finite, and nothing else is known. */
export const unresolved: Numeric = { ...unknown, kind: "unresolved" };
