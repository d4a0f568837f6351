import { pushforward } from "../../autodiff/forward.ts";
import { type Linearization, linearizationOf } from "../../autodiff/linearization.ts";
import { pullback } from "../../autodiff/reverse.ts";
import { orZeros } from "../../autodiff/run.ts";
import { isFloat } from "../../core/dtype.ts";
import { elements } from "../../core/strided.ts";
import type { Node } from "../../core/tape.ts";
import { Tensor } from "../../core/tensor.ts";
import * as random from "../../random/index.ts";
import { concatenated, unitDirection } from "../differences/neighborhood.ts";
import { epsilonOf } from "../differences/precision.ts";
import { type Mode, type Problem, randomLike, type TensorList } from "../differences/problem.ts";
import { roundedResults, roundingsOf, spreads, withRounding } from "./rounding.ts";

/** Results with no more elements are also asked one by one which gradient each has. */
const FEW_RESULTS = 32;
const RANDOM_COTANGENTS = 2;

/** A cotangent of the results. */
export interface Cotangent {
	/** The element of the results at which it is 1 and elsewhere 0; null: it is random. */
	readonly output: number | null;
	readonly vector: TensorList;
	/** All its elements. */
	readonly weights: Float64Array;
}

/**
 * The cotangents by which results are checked in reverse mode: random ones, and if they are few
 * each element of them.
 */
export function cotangentsOf(results: TensorList, key: Tensor): Cotangent[] {
	const size = results.reduce((sum, y) => sum + y.size, 0);
	const units =
		size > FEW_RESULTS ? [] : Array.from({ length: size }, (_, j) => unitAt(results, j));
	const drawn = Array.from({ length: RANDOM_COTANGENTS }, (_, k) => {
		const vector = randomLike(results, random.foldIn(key, k));
		return { output: null, vector, weights: concatenated(vector) };
	});
	return [...units, ...drawn];
}

function unitAt(results: TensorList, output: number): Cotangent {
	let start = 0;
	const vector = results.map((y) => {
		const storage = elements(y).slice().fill(0);
		if (output >= start && output < start + y.size) storage[output - start] = 1;
		start += y.size;
		return new Tensor(storage, y.dtype, y.shape);
	});
	return { output, vector, weights: concatenated(vector) };
}

/** The derivative of a problem at a point, as both modes give it. */
export class AutodiffDerivative {
	/** The results at the point. */
	readonly results: TensorList;
	private readonly x: TensorList;
	/** The computation at the point. */
	readonly graph: Linearization;
	/** The gradient by every argument, where that is not the engine's. */
	private readonly gradient: TensorList | null;

	constructor({ f, x, gradient }: Problem, graph = linearizationOf(x, f)) {
		this.x = x;
		this.gradient = gradient === null ? null : gradient(x);
		this.graph = graph;
		this.results = graph.values;
	}

	/** What the engine computes with other rounding errors. */
	roundedAtRandom(problem: Problem, key: Tensor): AutodiffDerivative {
		return new AutodiffDerivative({ ...problem, gradient: null }, withRounding(this.graph, key));
	}

	/**
	 * For each element of the results, the standard deviation of its rounding errors, as other ones
	 * have it.
	 */
	noiseOfResults(): Float64Array {
		const runs = roundingsOf((key) => roundedResults(this.graph, key), random.key(0));
		return spreads(runs, this.unit) ?? concatenated(this.results).fill(0);
	}

	/** The last place of the largest number between the arguments and the results. */
	get unit(): number {
		const units = this.graph.nodes
			.filter(({ value }) => isFloat(value.dtype))
			.map(({ value }) => epsilonOf(value.dtype) * largestSize(value));
		return Math.max(0, ...units);
	}

	/** The ops that were applied between the arguments and the results. */
	get nodes(): readonly Node[] {
		return this.graph.nodes;
	}

	/**
	 * In forward mode: the derivative of every element of the results along a direction of one
	 * argument.
	 */
	push(leaf: number, direction: Float64Array): Float64Array {
		return this.pushAll(this.x.map((_, i) => (i === leaf ? direction : null)));
	}

	/** The same along a direction of each argument; null: it stays. */
	pushAll(directions: readonly (Float64Array | null)[]): Float64Array {
		const tangents = this.x.map(({ dtype, shape }, i) => {
			const direction = directions[i]!;
			if (direction === null) return null;
			return new Tensor(
				dtype === "float32" ? Float32Array.from(direction) : direction,
				dtype,
				shape,
			);
		});
		return concatenated(orZeros(pushforward(this.graph, tangents), this.results));
	}

	/** In reverse mode: the gradient of the results, weighted by a cotangent, by every argument. */
	pull(cotangent: TensorList): Float64Array[] {
		if (this.gradient !== null) {
			const [g] = concatenated(cotangent);
			return this.gradient.map((gradient) => concatenated([gradient]).map((x) => g! * x));
		}
		const gradients = orZeros(pullback(this.graph, cotangent), this.x);
		return gradients.map((gradient) => concatenated([gradient]));
	}

	/**
	 * The derivatives of the results' elements by the elements of one argument: all of them for the
	 * first element, ….
	 */
	jacobian(leaf: number, mode: Mode): Float64Array {
		const columns = this.x[leaf]!.size;
		const rows = this.results.reduce((sum, y) => sum + y.size, 0);
		const out = new Float64Array(rows * columns);
		if (mode === "reverse") {
			for (let j = 0; j < rows; j++) {
				out.set(this.pull(unitAt(this.results, j).vector)[leaf]!, j * columns);
			}
			return out;
		}
		for (let i = 0; i < columns; i++) {
			const column = this.push(leaf, unitDirection(columns, i));
			for (let j = 0; j < rows; j++) out[j * columns + i] = column[j]!;
		}
		return out;
	}
}

/** The largest size of an element that is finite. */
function largestSize(x: Tensor): number {
	let most = 0;
	for (const value of elements(x)) {
		const size = Math.abs(value);
		if (size > most && size < Number.POSITIVE_INFINITY) most = size;
	}
	return most;
}
