import type { Tensor } from "../../core/tensor.ts";
import { DEPTHS, Differences } from "../differences/differentiate.ts";
import { inDouble } from "../differences/double.ts";
import type { Line, Numeric } from "../differences/line.ts";
import {
	type Directions,
	directionsOf,
	type ElementPlace,
	Neighborhood,
} from "../differences/neighborhood.ts";
import type { Mode, Problem } from "../differences/problem.ts";
import type { AutodiffDerivative, Cotangent } from "./autodiff-derivative.ts";
import { isCertain, isContested, isDrowned, judge, type Verdict, weightedSum } from "./compare.ts";
import { fluctuating } from "./fluctuation.ts";
import { GivenDerivatives } from "./given-derivatives.ts";
import { unlessRefused } from "./rounding.ts";
import { isRounding, ROUNDED_PLACES } from "./single-precision.ts";

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

/** A problem at its point, with what both modes say of its derivative. */
export class Examination {
	readonly problem: Problem;
	readonly neighborhood: Neighborhood;
	readonly derivative: AutodiffDerivative;
	private readonly given: GivenDerivatives;
	private readonly modes: readonly Mode[];
	private readonly key: Tensor;
	/** The same in double precision; made when it is first needed. */
	private double: Examination | null = null;
	/** How many elements or directions have failed. */
	private failures = 0;

	/** @param cotangents by which results are checked in reverse mode; null: random ones */
	constructor(
		problem: Problem,
		modes: readonly Mode[],
		key: Tensor,
		cotangents: readonly Cotangent[] | null = null,
	) {
		this.problem = problem;
		this.modes = modes;
		this.key = key;
		this.given = new GivenDerivatives(problem, modes, key, cotangents);
		this.derivative = this.given.derivative;
		this.neighborhood = new Neighborhood(
			problem,
			this.derivative.results,
			this.derivative.noiseOfResults(),
		);
	}

	/**
	 * Compares what both modes say of one element of the arguments with differences, or of several
	 * that move together.
	 */
	elements(places: readonly ElementPlace[]): Comparison[] {
		const directions = directionsOf(this.problem.x, places);
		return this.compare(directions, (near) => near.alongElements(places));
	}

	/** The same for a direction in which a whole argument moves. */
	direction(leaf: number, direction: Float64Array): Comparison[] {
		const line = (near: Neighborhood) => near.alongDirection(leaf, direction);
		return this.compare(this.only(leaf, direction), line);
	}

	/** The same for a direction in which everything moves. */
	everything(directions: readonly Float64Array[]): Comparison[] {
		return this.compare(directions, (near) => near.alongAll(directions));
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

	private compare(directions: Directions, lineOf: (near: Neighborhood) => Line): Comparison[] {
		const { neighborhood } = this;
		const given = this.given.along(directions);
		const glance = neighborhood.isMeasured ? null : this.atAGlance(given, lineOf(neighborhood));
		if (glance !== null) return glance;
		this.measure();
		const line = lineOf(neighborhood);
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
			found = this.comparisons(given, numerics!, this.given.noise(directions, line.scale));
		}
		const fluctuates = this.fluctuations(found, directions, line);
		const contested = found.map(({ verdict, given: value, numeric }, k) => {
			if (verdict !== "fail") return false;
			const isOther = () =>
				isContested(value, numeric, differences.slopes(this.given.weightsOf(k)));
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
		if (found.some(isFailure) && this.given.isSingle) {
			const isRounded = this.roundings(found, directions, lineOf);
			found = found.map((one, k) => (isRounded[k] ? { ...one, verdict: "ill-conditioned" } : one));
		}
		if (found.some(isFailure)) this.failures++;
		return found;
	}

	/** Which failures are due to single precision. */
	private roundings(
		found: readonly Comparison[],
		directions: Directions,
		lineOf: (near: Neighborhood) => Line,
	): readonly boolean[] {
		const double = unlessRefused(() => this.inDouble());
		const sure = double && unlessRefused(() => double.compare(directions, lineOf));
		const isOther = (one: Comparison, k: number) => isFailure(one) && !isFailure(sure![k]!);
		if (double === null || sure === null || !found.some(isOther)) return [];
		const { center } = this.neighborhood;
		const lost = center.map((value, j) => Math.abs(value - double.neighborhood.center[j]!));
		const { leastStep } = lineOf(this.neighborhood);
		const near = ROUNDED_PLACES.map((place) => this.givenAt(directions, place * leastStep));
		const known = near.filter((at) => at !== null);
		return found.map((one, k) => {
			if (!isFailure(one)) return false;
			const beside = known.map((at) => at[k]!);
			return isRounding(one, sure[k]!, beside, weighted(lost, this.given.weightsOf(k)));
		});
	}

	/** What is examined, in double precision. */
	private inDouble(): Examination {
		const { problem, modes, key, given } = this;
		this.double ??= new Examination(inDouble(problem), modes, key, given.wideCotangents);
		return this.double;
	}

	private givenAt(directions: Directions, t: number): Float64Array | null {
		return this.given.at(this.neighborhood.problemAt(directions, t), directions);
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
				const moved = this.givenAt(directions, t);
				return moved === null ? null : Float64Array.from(failed, (k) => moved[k]!);
			},
			leastStep,
		);
		return found.map((_, k) => is[failed.indexOf(k)] ?? false);
	}

	private comparisons(
		given: Float64Array,
		numerics: readonly Numeric[],
		noise: Float64Array = new Float64Array(given.length),
	): Comparison[] {
		const { cotangents, isForward } = this.given;
		const forward = isForward ? numerics : [];
		const reverse = cotangents.map(({ output, weights }) =>
			output === null ? weightedSum(numerics, weights) : numerics[output]!,
		);
		return [...forward, ...reverse].map((rough, k) => {
			const numeric = noise[k]! > 0 ? this.neighborhood.withNoise(rough, noise[k]!) : rough;
			const mode = k < forward.length ? "forward" : "reverse";
			const output = k < forward.length ? k : cotangents[k - forward.length]!.output;
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

/** A sum of sizes with weights, whatever their signs. */
function weighted(sizes: Float64Array, weights: Float64Array): number {
	return sizes.reduce(
		(sum, size, j) => sum + (weights[j] === 0 ? 0 : Math.abs(weights[j]!) * size),
		0,
	);
}
