import { elements } from "../../core/strided.ts";
import { Tensor } from "../../core/tensor.ts";
import * as random from "../../random/index.ts";
import { attempt, messageOf } from "./attempt.ts";
import type { Line, Numeric } from "./line.ts";
import { Noise } from "./noise-levels.ts";
import { epsilonOf } from "./precision.ts";
import type { Problem, TensorList } from "./problem.ts";
import { DEVIATIONS } from "./stencil.ts";

/**
 * The first step relative to the size of what is moved: where rounding is coarser, steps are
 * longer.
 */
const FIRST_STEP = { float64: 0.04, float32: 0.25 };
/** Steps smaller than this, relative to the size of what is moved, may be lost in sums. */
const TELLING = { float64: 1e-9, float32: 1e-5 };

/** An element of one of the arguments. */
export interface ElementPlace {
	readonly leaf: number;
	readonly element: number;
	/** -1: it moves down where others move up. */
	readonly sign?: -1;
}

/** In which direction each argument moves; null: it stays. */
export type Directions = readonly (Float64Array | null)[];

/** The elements of several tensors, one after the other. */
export function concatenated(tensors: TensorList): Float64Array {
	if (tensors.length === 1) return Float64Array.from(elements(tensors[0]!));
	const out = new Float64Array(tensors.reduce((size, x) => size + x.size, 0));
	let at = 0;
	for (const x of tensors) {
		out.set(elements(x), at);
		at += x.size;
	}
	return out;
}

/** The point at which a problem is checked, and the ways to move away from it. */
export class Neighborhood {
	/** Every element of the results there. */
	readonly center: Float64Array;
	/** For each element of each argument, the size by which steps are measured. */
	readonly scales: readonly Float64Array[];
	private readonly problem: Problem;
	private readonly epsilon: Float64Array;
	private readonly presumed: Float64Array;
	private noise: Pick<Noise, "terms" | "within">;
	/** Why the function has no values at a point nearby; null where it has them everywhere. */
	refusal: string | null = null;
	/** Whether the rounding errors of the function are measured, and not those of its graph. */
	isMeasured = false;

	/**
	 * @param noise the standard deviation of the rounding errors of each element of the results, as
	 * the graph tells; they may be larger, which `measure` finds out
	 */
	constructor(problem: Problem, results: TensorList, noise: Float64Array) {
		this.problem = problem;
		this.presumed = noise;
		this.scales = problem.x.map(scalesOf);
		this.center = concatenated(results);
		this.epsilon = Float64Array.from(
			results.flatMap((yi) => new Array(yi.size).fill(epsilonOf(yi.dtype))),
		);
		const terms = noise.map((value, j) =>
			Math.max(value / this.epsilon[j]!, Math.abs(this.center[j]!)),
		);
		this.noise = { terms, within: () => noise };
	}

	/**
	 * Measures the rounding errors of the function nearby, which takes many of its values. Lines that
	 * are made from then on know them.
	 */
	measure(): void {
		this.isMeasured = true;
		// Not along the scales themselves: elements that are equal would stay so, and their order be a
		// matter of rounding.
		const unequal = this.scales.map((scales, leaf) => {
			const drawn = random.foldIn(random.key(0), leaf);
			const own = elements(this.problem.x[leaf]!);
			const factors = elements(random.uniform(drawn, [scales.length], { low: 0.5, high: 1 }));
			return scales.map((scale, i) => (Math.abs(own[i]!) || scale) * factors[i]!);
		});
		this.noise = new Noise(
			(t) => this.valuesAt(unequal, t),
			this.isSingle ? "float32" : "float64",
			this.presumed,
			this.center,
			this.epsilon,
		);
	}

	/** The line on which elements of the arguments move by the same amount, the others staying. */
	alongElements(places: readonly ElementPlace[]): Line {
		const { x } = this.problem;
		let [scale, size] = [Number.POSITIVE_INFINITY, 0];
		let dtype: "float64" | "float32" = "float64";
		for (const { leaf, element } of places) {
			const value = elements(x[leaf]!)[element]!;
			scale = Math.min(scale, this.scales[leaf]![element]!);
			size = Math.max(size, Math.abs(value));
			if (x[leaf]!.dtype === "float32") dtype = "float32";
		}
		return this.lineOf(directionsOf(x, places), dtype, scale, size);
	}

	/**
	 * The line on which an argument moves along a direction that is as large as the scales, element
	 * by element.
	 */
	alongDirection(leaf: number, direction: Float64Array): Line {
		return this.line(leaf, direction, 1, 1);
	}

	/** The line on which all arguments move along such directions. */
	alongAll(directions: readonly Float64Array[]): Line {
		const dtype = this.isSingle ? "float32" : "float64";
		return this.lineOf(directions, dtype, 1, 1);
	}

	private line(leaf: number, direction: Float64Array, scale: number, size: number): Line {
		const { x } = this.problem;
		const directions = x.map((_, i) => (i === leaf ? direction : null));
		return this.lineOf(directions, x[leaf]!.dtype as "float64" | "float32", scale, size);
	}

	private lineOf(
		directions: Directions,
		dtype: "float64" | "float32",
		scale: number,
		size: number,
	): Line {
		const { noise } = this;
		return {
			at: (t) => this.valuesAt(directions, t),
			center: this.center,
			noiseAt: (step) => noise.within(step / scale),
			leastNoise: this.presumed,
			terms: noise.terms,
			epsilon: this.epsilon,
			scale,
			firstStep: scale * FIRST_STEP[dtype],
			leastTellingStep: scale * TELLING[dtype],
			leastStep: Math.max(16 * epsilonOf(dtype) * size, Number.MIN_VALUE),
		};
	}

	/**
	 * The results where the arguments that have a direction have moved along it. Where the function
	 * throws, or gives results of another shape, they are NaN: it is as outside of its domain.
	 */
	private valuesAt(directions: Directions, t: number): Float64Array {
		const { f, x } = this.problemAt(directions, t);
		const values = attempt(
			() => concatenated(f(x)),
			(error) => {
				this.refusal ??= messageOf(error);
				return null;
			},
		);
		if (values?.length === this.center.length) return values;
		this.refusal ??= "the results have other shapes";
		return new Float64Array(this.center.length).fill(Number.NaN);
	}

	/** The problem where the arguments that have a direction have moved along it. */
	problemAt(directions: Directions, t: number): Problem {
		const x = this.problem.x.map((xi, i) => {
			const direction = directions[i]!;
			return direction === null ? xi : movedBy(xi, direction, t);
		});
		return { ...this.problem, x };
	}

	/**
	 * Differences with a bound that also allows for so much rounding of what they are compared with.
	 */
	withNoise(numeric: Numeric, noise: number): Numeric {
		const { bound, left, right } = numeric;
		const epsilon = epsilonOf(this.isSingle ? "float32" : "float64");
		const isZero = Math.max(Math.abs(left), Math.abs(right)) <= bound;
		return {
			...numeric,
			bound: bound + DEVIATIONS * noise,
			// What cancels to nothing but rounding has terms of that size; what does not is to be known
			// by itself.
			terms: isZero ? Math.max(numeric.terms, noise / epsilon) : 0,
		};
	}

	/** Whether single precision comes in. */
	get isSingle(): boolean {
		return this.problem.x.some((x) => x.dtype === "float32");
	}
}

/** x moved by t in a direction. */
export function movedBy(x: Tensor, direction: Float64Array, t: number): Tensor {
	const values = elements(x).slice();
	for (let i = 0; i < values.length; i++) {
		const d = direction[i]!;
		if (d !== 0) values[i] = values[i]! + t * d;
	}
	return new Tensor(values, x.dtype, x.shape);
}

/** How far they are, relative to the size of the arguments: the next one where one is refused. */
const NEARBY = [1e-3, 1e-6, 1e-9];

/** A problem at a point nearby at which `use` does not throw, and what it gives; else null. */
export function nearby<T>(problem: Problem, key: Tensor, use: (there: Problem) => T): T | null {
	for (const distance of NEARBY) {
		const x = problem.x.map((xi, leaf) => {
			const drawn = random.uniform(random.foldIn(key, leaf), xi.shape, { low: -1, high: 1 });
			const unit = elements(drawn);
			const direction = scalesOf(xi).map((scale, k) => scale * unit[k]!);
			return movedBy(xi, direction, distance);
		});
		const found = attempt(
			() => use({ ...problem, x }),
			() => null,
		);
		if (found !== null) return found;
	}
	return null;
}

/** |x|, but no less than the quadratic mean of the tensor; 1 where all of it is 0. */
export function scalesOf(x: Tensor): Float64Array {
	const sizes = Float64Array.from(elements(x), Math.abs);
	const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
	if (!(largest > 0 && Number.isFinite(largest))) return sizes.fill(1);
	const squares = sizes.reduce((sum, size) => sum + (size / largest) ** 2, 0);
	const mean = largest * Math.sqrt(squares / sizes.length);
	return sizes.map((size) => Math.max(size, mean));
}

/** The directions of the arguments along which elements of them move by the same amount. */
export function directionsOf(x: TensorList, places: readonly ElementPlace[]): Directions {
	const directions: (Float64Array | null)[] = x.map(() => null);
	for (const { leaf, element, sign = 1 } of places) {
		const direction = directions[leaf] ?? new Float64Array(x[leaf]!.size);
		direction[element] = sign;
		directions[leaf] = direction;
	}
	return directions;
}

/** The direction along which one element of a tensor moves. */
export function unitDirection(size: number, i: number): Float64Array {
	const direction = new Float64Array(size);
	direction[i] = 1;
	return direction;
}
