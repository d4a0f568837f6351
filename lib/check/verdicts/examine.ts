import type { Tensor } from "../../core/tensor.ts";
import { DEPTHS, Differences } from "../differences/differentiate.ts";
import type { Line, Numeric } from "../differences/line.ts";
import {
	type Directions,
	directionsOf,
	type ElementPlace,
	Neighborhood,
	unitDirection,
} from "../differences/neighborhood.ts";
import type { Mode, Problem } from "../differences/problem.ts";
import { AutodiffDerivative, type Cotangent, cotangentsOf } from "./autodiff-derivative.ts";
import { isCertain, isContested, isDrowned, judge, type Verdict, weightedSum } from "./compare.ts";
import { fluctuating } from "./fluctuation.ts";
import { roundingsOf, spreads, unlessRefused } from "./rounding.ts";

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
	/** Why there are no numbers to compare, at the point or nearby, if an error says so. */
	readonly refusal?: string;
}

/** A derivative, and what it gives for each cotangent. */
interface Pulled {
	readonly derivative: AutodiffDerivative;
	readonly gradients: readonly (readonly Float64Array[])[];
}

/** A problem at its point, with what both modes say of its derivative. */
export class Examination {
	readonly problem: Problem;
	readonly neighborhood: Neighborhood;
	readonly derivative: AutodiffDerivative;
	private readonly isForward: boolean;
	private readonly cotangents: readonly Cotangent[];
	private readonly gradients: readonly (readonly Float64Array[])[];
	private readonly key: Tensor;
	/** What is given when rounding errors fall otherwise; made when it is first needed. */
	private rounded: (Pulled | null)[] = [];
	/** How many elements or directions have failed. */
	private failures = 0;

	constructor(problem: Problem, modes: readonly Mode[], key: Tensor) {
		this.problem = problem;
		this.derivative = new AutodiffDerivative(problem);
		this.neighborhood = new Neighborhood(
			problem,
			this.derivative.results,
			this.derivative.noiseOfResults(),
		);
		this.key = key;
		this.isForward = modes.includes("forward");
		this.cotangents = modes.includes("reverse") ? cotangentsOf(this.derivative.results, key) : [];
		this.gradients = this.pulled(this.derivative);
	}

	/**
	 * Compares what both modes say of one element of the arguments with differences, or of several
	 * that move together.
	 */
	elements(places: readonly ElementPlace[]): Comparison[] {
		const directions = directionsOf(this.problem.x, places);
		return this.compare(directions, () => this.neighborhood.alongElements(places));
	}

	/** The same for a direction in which a whole argument moves. */
	direction(leaf: number, direction: Float64Array): Comparison[] {
		const line = () => this.neighborhood.alongDirection(leaf, direction);
		return this.compare(this.only(leaf, direction), line);
	}

	/** The same for a direction in which everything moves. */
	everything(directions: readonly Float64Array[]): Comparison[] {
		return this.compare(directions, () => this.neighborhood.alongAll(directions));
	}

	private only(leaf: number, direction: Float64Array): Directions {
		return this.problem.x.map((_, i) => (i === leaf ? direction : null));
	}

	/** What differences say of the derivatives along one element of an argument. */
	differences(leaf: number, i: number): Numeric[] {
		this.measure();
		const differences = new Differences(this.neighborhood.alongElements([{ leaf, element: i }]));
		return differences.quick() ?? differences.deep(DEPTHS[0]);
	}

	private measure(): void {
		if (!this.neighborhood.isMeasured) this.neighborhood.measure();
	}

	/**
	 * What is confirmed with the rounding errors of the graph is so with those of the function, which
	 * can only be larger: to measure these takes more values than most checks.
	 */
	private atAGlance(given: Float64Array, line: Line): Comparison[] | null {
		const numerics = new Differences(line).quick();
		const found = numerics === null ? [] : this.comparisons(given, numerics);
		const isConfirmed = found.every(
			({ verdict, numeric }) => verdict === "pass" && isCertain(numeric),
		);
		return found.length > 0 && isConfirmed ? found : null;
	}

	private compare(directions: Directions, lineOf: () => Line): Comparison[] {
		const given = this.givenAlong(this.derivative, this.gradients, directions);
		const glance = this.neighborhood.isMeasured ? null : this.atAGlance(given, lineOf());
		if (glance !== null) return glance;
		this.measure();
		const line = lineOf();
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
			found = this.comparisons(given, numerics!, this.noiseOfGiven(directions, line.scale));
		}
		const fluctuates = this.fluctuations(found, directions, line);
		const contested = found.map(({ verdict, given: value, numeric }, k) => {
			if (verdict !== "fail") return false;
			const isOther = () => isContested(value, numeric, differences.slopes(this.weightsOf(k)));
			return fluctuates[k] === true || isOther();
		});
		// Of a sum of elements it shows less clearly than of one of them.
		const isAny = contested.some((is, k) => is && found[k]!.output !== null);
		found = found.map((comparison, k) => {
			const { output, numeric } = comparison;
			const isDoubtful = isDrowned(numeric) || contested[k]! || (output === null && isAny);
			return isFailure(comparison) && isDoubtful
				? { ...comparison, verdict: "ill-conditioned" }
				: comparison;
		});
		if (found.some(isFailure)) this.failures++;
		return found;
	}

	/** Which failures may be due to a derivative that goes up and down within a step. */
	private fluctuations(
		found: readonly Comparison[],
		directions: Directions,
		{ leastStep }: Line,
	): readonly boolean[] {
		if (this.failures >= CONVINCING) return [];
		const failed = [...found.keys()].filter((k) => isFailure(found[k]!));
		const is = fluctuating(
			failed.map((k) => found[k]!.numeric),
			failed.map((k) => found[k]!.given),
			(t) => {
				const moved = unlessRefused(() => {
					const at = new AutodiffDerivative(this.neighborhood.problemAt(directions, t));
					return this.givenAlong(at, this.pulled(at), directions);
				});
				return moved === null ? null : Float64Array.from(failed, (k) => moved[k]!);
			},
			leastStep,
		);
		return found.map((_, k) => is[failed.indexOf(k)] ?? false);
	}

	/** What a derivative gives for each cotangent. */
	private pulled(at: AutodiffDerivative): Float64Array[][] {
		return this.cotangents.map(({ vector }) => at.pull(vector));
	}

	/**
	 * What both modes give along directions of the arguments: each element of the results in forward
	 * mode, each cotangent in reverse mode.
	 */
	private givenAlong(
		at: AutodiffDerivative,
		gradients: readonly (readonly Float64Array[])[],
		directions: Directions,
	): Float64Array {
		const tangent = this.isForward ? at.pushAll(directions) : new Float64Array(0);
		const out = new Float64Array(tangent.length + gradients.length);
		out.set(tangent);
		for (const [k, gradient] of gradients.entries()) {
			for (const [leaf, direction] of directions.entries()) {
				if (direction !== null) out[tangent.length + k]! += product(gradient[leaf]!, direction);
			}
		}
		return out;
	}

	/** The standard deviation of the rounding errors of what is given. */
	private noiseOfGiven(directions: Directions, scale: number): Float64Array {
		if (this.rounded.length === 0) {
			this.rounded = roundingsOf((key) => {
				const derivative = this.derivative.roundedAtRandom(this.problem, key);
				return { derivative, gradients: this.pulled(derivative) };
			}, this.key);
		}
		const runs = this.rounded.map((pulled) => {
			if (pulled === null) return null;
			const { derivative, gradients } = pulled;
			return unlessRefused(() => this.givenAlong(derivative, gradients, directions));
		});
		return spreads(runs, this.derivative.unit / scale) ?? new Float64Array(0);
	}

	/** Which sum of the results a comparison is about. */
	private weightsOf(k: number): Float64Array {
		const elements = this.neighborhood.center.length;
		const forward = this.isForward ? elements : 0;
		return k < forward ? unitDirection(elements, k) : this.cotangents[k - forward]!.weights;
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
			const numeric = noise[k]! > 0 ? this.neighborhood.withNoise(rough, noise[k]!) : rough;
			const mode = k < forward.length ? "forward" : "reverse";
			const output = k < forward.length ? k : this.cotangents[k - forward.length]!.output;
			const verdict = judge(given[k]!, numeric);
			const found: Comparison = { verdict, mode, output, given: given[k]!, numeric };
			const { refusal } = this.neighborhood;
			const isCut = numeric.kind === "none" || numeric.kind === "edge";
			return isCut && refusal !== null
				? { ...found, refusal: `at points nearby: ${refusal}` }
				: found;
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
