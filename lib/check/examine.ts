import { pushforward } from "../autodiff/forward.ts";
import { type Linearization, linearizationOf } from "../autodiff/linearization.ts";
import { pullback } from "../autodiff/reverse.ts";
import { orZeros } from "../autodiff/run.ts";
import * as random from "../random/index.ts";
import { elements } from "../strided.ts";
import { Tensor } from "../tensor.ts";
import { isCertain, judge, type Verdict, weightedSum } from "./compare.ts";
import { DEPTHS, Differences } from "./differentiate.ts";
import type { Line, Numeric } from "./line.ts";
import { concatenated, Point } from "./point.ts";
import { type Mode, type Problem, randomLike, type Vector } from "./problem.ts";

/** Results with no more elements are also asked one by one which gradient each has. */
const FEW_RESULTS = 32;
const RANDOM_COTANGENTS = 2;

/** One derivative, as it was given and as differences have it. */
export interface Comparison {
	readonly verdict: Exclude<Verdict, "ill-conditioned">;
	readonly mode: Mode;
	/** The element of the results that is differentiated; null: their sum, weighted by a random cotangent. */
	readonly output: number | null;
	readonly given: number;
	readonly numeric: Numeric;
}

/** A cotangent and the gradients that it gives. */
interface Pulled {
	readonly output: number | null;
	readonly cotangent: Float64Array;
	readonly gradients: readonly Float64Array[];
}

/** A problem at its point, with what both modes say of its derivative. */
export class Examination {
	readonly problem: Problem;
	readonly point: Point;
	private readonly modes: readonly Mode[];
	/** The results at the point. */
	readonly results: Vector;
	private readonly graph: Linearization;
	private readonly pulled: readonly Pulled[];
	/** How many elements or directions have failed. */
	private failures = 0;

	constructor(problem: Problem, modes: readonly Mode[], key: Tensor) {
		this.problem = problem;
		this.modes = modes;
		this.point = new Point(problem);
		this.graph = linearizationOf(problem.x, problem.f);
		this.results = this.graph.values;
		this.pulled = modes.includes("reverse") ? this.pullBack(key) : [];
	}

	/** Compares what both modes say of one element of an argument with differences. */
	element(leaf: number, i: number): Comparison[] {
		const direction = new Float64Array(this.problem.x[leaf]!.size);
		direction[i] = 1;
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

	/** What one mode gives for the derivatives of some of the elements of the results, one after the other, by one argument. */
	given(leaf: number, from: number, to: number, mode: Mode): Float64Array {
		const { size } = this.problem.x[leaf]!;
		const out = new Float64Array((to - from) * size);
		if (mode === "reverse") {
			for (let j = from; j < to; j++) {
				const { gradients } = this.pull(j, unitLike(this.graph.values, j));
				out.set(gradients[leaf]!, (j - from) * size);
			}
			return out;
		}
		for (let i = 0; i < size; i++) {
			const direction = new Float64Array(size);
			direction[i] = 1;
			const column = this.push(leaf, direction);
			for (let j = from; j < to; j++) out[(j - from) * size + i] = column[j]!;
		}
		return out;
	}

	private compare(leaf: number, direction: Float64Array, line: Line): Comparison[] {
		const differences = new Differences(line);
		const tangent = this.modes.includes("forward") ? this.push(leaf, direction) : null;
		const comparisons = (numerics: readonly Numeric[]): Comparison[] => [
			...(tangent === null ? [] : forwardComparisons(tangent, numerics)),
			...this.pulled.map((pulled) => reverseComparison(pulled, leaf, direction, numerics)),
		];
		const quick = differences.quick();
		let found = quick === null ? [] : comparisons(quick);
		for (const depth of DEPTHS) {
			const isKnown = this.failures >= CONVINCING || found.every(isSettled);
			if (found.length > 0 && isKnown) break;
			found = comparisons(differences.deep(depth));
		}
		if (found.some(({ verdict }) => verdict === "fail")) this.failures++;
		return found;
	}

	private push(leaf: number, direction: Float64Array): Float64Array {
		const x = this.problem.x[leaf]!;
		const storage = x.dtype === "float32" ? Float32Array.from(direction) : direction;
		const tangents = this.problem.x.map((_, i) =>
			i === leaf ? new Tensor(storage, x.dtype, x.shape) : null,
		);
		return concatenated(orZeros(pushforward(this.graph, tangents), this.graph.values));
	}

	private pull(output: number | null, g: Vector): Pulled {
		const gradients = orZeros(pullback(this.graph, g), this.problem.x);
		return {
			output,
			cotangent: concatenated(g),
			gradients: gradients.map((gradient) => Float64Array.from(elements(gradient))),
		};
	}

	private pullBack(key: Tensor): Pulled[] {
		const size = this.point.center.length;
		const drawn = Array.from({ length: RANDOM_COTANGENTS }, (_, k) =>
			this.pull(null, randomLike(this.graph.values, random.foldIn(key, k))),
		);
		if (size > FEW_RESULTS) return drawn;
		const units = Array.from({ length: size }, (_, j) =>
			this.pull(j, unitLike(this.graph.values, j)),
		);
		return [...units, ...drawn];
	}
}

/** After so many failures that were looked at on all scales, further ones are believed at a glance. */
const CONVINCING = 8;
/** A kink is believed when so many sizes of steps show it. */
const SHOWN = 3;

/** Whether a look at smaller steps could not say more. */
function isSettled({ verdict, numeric }: Comparison): boolean {
	if (verdict === "at-kink") return numeric.seen >= SHOWN;
	return verdict === "pass" && isCertain(numeric);
}

function forwardComparisons(tangent: Float64Array, numerics: readonly Numeric[]): Comparison[] {
	return numerics.map((numeric, output) => {
		const given = tangent[output]!;
		return { verdict: judge(given, numeric), mode: "forward", output, given, numeric };
	});
}

function reverseComparison(
	{ output, cotangent, gradients }: Pulled,
	leaf: number,
	direction: Float64Array,
	numerics: readonly Numeric[],
): Comparison {
	const gradient = gradients[leaf]!;
	let given = 0;
	for (let i = 0; i < direction.length; i++) {
		if (direction[i] !== 0) given += direction[i]! * gradient[i]!;
	}
	const numeric = output === null ? weightedSum(numerics, cotangent) : numerics[output]!;
	return { verdict: judge(given, numeric), mode: "reverse", output, given, numeric };
}

/** Zeros with a one at element j of all of them together. */
function unitLike(like: Vector, j: number): Tensor[] {
	let start = 0;
	return like.map((x) => {
		const storage = elements(x).slice().fill(0);
		if (j >= start && j < start + x.size) storage[j - start] = 1;
		start += x.size;
		return new Tensor(storage, x.dtype, x.shape);
	});
}
