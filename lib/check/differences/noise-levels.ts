import { type Nearby, noiseAround } from "./noise.ts";

/**
 * The noise is measured as far from the point as the first step leads, and as near as it can be.
 */
const FARTHEST = 0.04;
const REFINEMENT = 32;
const FAR = [FARTHEST, FARTHEST / REFINEMENT, FARTHEST / REFINEMENT ** 2];
const NEAR = { float64: [1e-6, 1e-9], float32: [1e-2] };
/** Distances that are smaller by more than these refinements are like the last one. */
const LEVELS = 7;
/** Nearer than that only a function is looked at that seems to be noisy far away. */
const NEARER = { float64: [1e-6, 1e-9, 1e-11], float32: [1e-2, 1e-3] };
/** What is seen there has to hold here too. */
const NEAREST = { float64: 5e-12, float32: 5e-4 };
/** The noise of one function does not differ by more from place to place. */
const GROWN = 100;
/** Noise that is larger beside the values may be something else than rounding errors. */
const SMALL = 1e-2;
/** A change that is so many times the noise is no noise. */
const CLEAR = 20;

/**
 * The standard deviation of the rounding errors of a function's results. It is about the same at
 * every distance from the point: where it seems to be far greater at some distance, it is the
 * function itself that changes there, from one point of the measurement to the next, and steps that
 * long do not resolve it.
 */
export class Noise {
	/**
	 * For each element, the size of its terms: of its values nearby, or of what leaves so large
	 * rounding errors.
	 */
	readonly terms: Float64Array;
	private readonly at: (t: number) => Float64Array;
	private readonly everywhere: Float64Array;
	/**
	 * Where the function changes clearly over the points of a measurement; infinite where it does
	 * so nowhere.
	 */
	private readonly resolved: Float64Array;
	private readonly isRough: readonly boolean[];
	private readonly isAnyRough: boolean;
	private readonly levels = new Map<number, Float64Array>();

	/**
	 * @param at the results at a distance relative to the size of the arguments
	 * @param rounded the rounding errors of each element, as a graph with other ones has them
	 * @param epsilon for each element, the distance from 1 to the next number of its dtype
	 */
	constructor(
		at: (t: number) => Float64Array,
		dtype: "float64" | "float32",
		rounded: Float64Array,
		center: Float64Array,
		epsilon: Float64Array,
	) {
		this.at = at;
		const far = nearbyWithin(at, FAR);
		const floor = rounded.map((value, j) =>
			Math.max(value, epsilon[j]! * Math.max(Math.abs(center[j]!), far.size[j]!)),
		);
		const near = nearbyWithin(at, NEAR[dtype]);
		this.everywhere = floor.map((_, j) => Math.max(far.noise[j]!, near.noise[j]!, rounded[j]!));
		const resolved = floor.map(() => Number.POSITIVE_INFINITY);
		const isRough = (j: number) => far.noise[j]! > GROWN * resolved[j]!;
		const isDoubtful = (value: number, j: number) => value > GROWN * floor[j]! && !isRough(j);
		let closest: Nearby | null = null;
		for (const radius of NEARER[dtype]) {
			if (!far.noise.some(isDoubtful)) break;
			closest ??= noiseAround(at, NEAREST[dtype]);
			const { noise, change } = noiseAround(at, radius);
			for (const [j, value] of noise.entries()) {
				const least = Math.max(value, floor[j]!);
				const staysSo = closest.noise[j]! <= GROWN * least;
				if (change[j]! > CLEAR * value && staysSo) resolved[j] = Math.min(resolved[j]!, least);
			}
		}
		this.resolved = resolved;
		this.isRough = Array.from(resolved, (_, j) => isRough(j));
		this.isAnyRough = this.isRough.includes(true);
		this.terms = rounded.map((value, j) => {
			const seen = this.everywhere[j]!;
			const isRounding = !this.isRough[j] && seen <= SMALL * far.size[j]!;
			return Math.max((isRounding ? seen : value) / epsilon[j]!, far.size[j]!);
		});
	}

	/**
	 * The noise no farther away than this, relative to the size of the arguments; infinite where it
	 * is not resolved.
	 */
	within(distance: number): Float64Array {
		if (!this.isAnyRough) return this.everywhere;
		const level = Math.round(Math.log(FARTHEST / distance) / Math.log(REFINEMENT));
		return this.levelled(Math.min(Math.max(0, level), LEVELS));
	}

	private levelled(level: number): Float64Array {
		const known = this.levels.get(level) ?? this.measured(FARTHEST / REFINEMENT ** level);
		this.levels.set(level, known);
		return known;
	}

	private measured(radius: number): Float64Array {
		const { noise } = noiseAround(this.at, radius);
		return this.everywhere.map((value, j) => {
			if (!this.isRough[j]) return value;
			const known = this.resolved[j]!;
			return noise[j]! > GROWN * known ? Number.POSITIVE_INFINITY : Math.max(noise[j]! || 0, known);
		});
	}
}

/**
 * What is seen at the first of these distances where the function is finite; no noise where it is
 * so at none.
 */
function nearbyWithin(at: (t: number) => Float64Array, radii: readonly number[]): Nearby {
	const [first, ...others] = radii;
	const { noise, change, size } = noiseAround(at, first!);
	for (const radius of others) {
		if (!noise.some(Number.isNaN)) break;
		const closer = noiseAround(at, radius);
		for (const [j, value] of noise.entries()) {
			if (!Number.isNaN(value)) continue;
			noise[j] = closer.noise[j]!;
			change[j] = closer.change[j]!;
			size[j] = closer.size[j]!;
		}
	}
	const orNone = (value: number) => (Number.isNaN(value) ? 0 : value);
	return { noise: noise.map(orNone), change: change.map(orNone), size: size.map(orNone) };
}
