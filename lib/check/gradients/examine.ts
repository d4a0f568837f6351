import type { Tensor } from "../../core/tensor.ts";
import { isCertain, isDrowned, judge, type Verdict, weightedSum } from "./compare.ts";
import { DEPTHS, Differences } from "./differentiate.ts";
import { type Cotangent, cotangentsOf, Given, unitDirection } from "./given.ts";
import type { Line, Numeric } from "./line.ts";
import { Point } from "./point.ts";
import type { Mode, Problem } from "./problem.ts";
import { roundingsOf, spreads } from "./rounding.ts";

/**
 * After so many failures that were looked at on all scales, further ones are believed at a glance.
 */
const CONVINCING = 8;
/** A kink is believed when so many sizes of steps show it. */
const SHOWN = 3;

/** One derivative, as it was given and as differences have it. */
export interface Comparison {
	readonly verdict: Verdict;
	/** `value`: it is the function itself, called twice. */
	readonly mode: Mode | "value";
	/**
	 * The element of the results that is differentiated; null: their sum, weighted by a random
	 * cotangent.
	 */
	readonly output: number | null;
	readonly given: number;
	/** What a second call gave, where it gave something else. */
	readonly again?: number;
	readonly numeric: Numeric;
}

/** A derivative, and what it gives for each cotangent. */
interface Pulled {
	readonly given: Given;
	readonly gradients: readonly (readonly Float64Array[])[];
}

/** A problem at its point, with what both modes say of its derivative. */
export class Examination {
	readonly problem: Problem;
	readonly point: Point;
	readonly given: Given;
	private readonly isForward: boolean;
	private readonly cotangents: readonly Cotangent[];
	private readonly gradients: readonly (readonly Float64Array[])[];
	private readonly key: Tensor;
	/** What is given when rounding errors fall otherwise; made when it is first needed. */
	private rounded: Pulled[] = [];
	/** How many elements or directions have failed. */
	private failures = 0;

	constructor(problem: Problem, modes: readonly Mode[], key: Tensor) {
		this.problem = problem;
		this.given = new Given(problem);
		this.point = new Point(problem, this.given);
		this.key = key;
		this.isForward = modes.includes("forward");
		this.cotangents = modes.includes("reverse") ? cotangentsOf(this.given.results, key) : [];
		this.gradients = this.cotangents.map(({ vector }) => this.given.pull(vector));
	}

	/** Compares what both modes say of one element of an argument with differences. */
	element(leaf: number, i: number): Comparison[] {
		const direction = unitDirection(this.problem.x[leaf]!.size, i);
		return this.compare(leaf, direction, this.point.alongElement(leaf, i));
	}

	/** The same for a direction in which a whole argument moves. */
	direction(leaf: number, direction: Float64Array): Comparison[] {
		return this.compare(leaf, direction, this.point.alongDirection(leaf, direction));
	}

	/** What differences say of the derivatives along one element of an argument. */
	differences(leaf: number, i: number): Numeric[] {
		const differences = new Differences(this.point.alongElement(leaf, i));
		return differences.quick() ?? differences.deep(DEPTHS[0]);
	}

	private compare(leaf: number, direction: Float64Array, line: Line): Comparison[] {
		const given = this.givenAlong(this.given, this.gradients, leaf, direction);
		const differences = new Differences(line);
		const quick = differences.quick();
		let numerics = quick;
		let found = quick === null ? [] : this.comparisons(given, quick);
		for (const depth of DEPTHS) {
			const isKnown = this.failures >= CONVINCING || found.every(isSettled);
			if (numerics !== null && isKnown) break;
			numerics = differences.deep(depth);
			found = this.comparisons(given, numerics);
		}
		if (!found.some(isFailure)) return found;
		if (this.failures < CONVINCING) {
			found = this.comparisons(given, numerics!, this.noiseOfGiven(leaf, direction, line.scale));
		}
		found = found.map((comparison) =>
			isFailure(comparison) && isDrowned(comparison.numeric)
				? { ...comparison, verdict: "ill-conditioned" }
				: comparison,
		);
		if (found.some(isFailure)) this.failures++;
		return found;
	}

	/**
	 * What both modes give along a direction: each element of the results in forward mode, each
	 * cotangent in reverse mode.
	 */
	private givenAlong(
		at: Given,
		gradients: readonly (readonly Float64Array[])[],
		leaf: number,
		direction: Float64Array,
	): Float64Array {
		const tangent = this.isForward ? at.push(leaf, direction) : new Float64Array(0);
		const out = new Float64Array(tangent.length + gradients.length);
		out.set(tangent);
		for (const [k, gradient] of gradients.entries()) {
			out[tangent.length + k] = product(gradient[leaf]!, direction);
		}
		return out;
	}

	/** The standard deviation of the rounding errors of what is given. */
	private noiseOfGiven(leaf: number, direction: Float64Array, scale: number): Float64Array {
		if (this.rounded.length === 0) {
			this.rounded = roundingsOf((key) => {
				const rounded = this.given.roundedAtRandom(this.problem, key);
				return { given: rounded, gradients: this.cotangents.map((g) => rounded.pull(g.vector)) };
			}, this.key);
		}
		const runs = this.rounded.map(({ given, gradients }) =>
			this.givenAlong(given, gradients, leaf, direction),
		);
		return spreads(runs, this.given.unit / scale)!;
	}

	private comparisons(
		given: Float64Array,
		numerics: readonly Numeric[],
		noise: Float64Array = new Float64Array(given.length),
	): Comparison[] {
		const forward = this.isForward ? numerics : [];
		const reverse = this.cotangents.map(({ output, weights }) =>
			output === null ? weightedSum(numerics, weights) : numerics[output]!,
		);
		return [...forward, ...reverse].map((rough, k) => {
			const numeric = noise[k]! > 0 ? this.point.withNoise(rough, noise[k]!) : rough;
			const mode = k < forward.length ? "forward" : "reverse";
			const output = k < forward.length ? k : this.cotangents[k - forward.length]!.output;
			return { verdict: judge(given[k]!, numeric), mode, output, given: given[k]!, numeric };
		});
	}
}

function isFailure({ verdict }: Comparison): boolean {
	return verdict === "fail";
}

/** Whether a look at smaller steps could not say more. */
function isSettled({ verdict, numeric }: Comparison): boolean {
	if (verdict === "at-kink") return numeric.seen >= SHOWN;
	return verdict === "pass" && isCertain(numeric);
}

function product(x: Float64Array, y: Float64Array): number {
	let sum = 0;
	for (let i = 0; i < x.length; i++) if (y[i] !== 0) sum += x[i]! * y[i]!;
	return sum;
}
