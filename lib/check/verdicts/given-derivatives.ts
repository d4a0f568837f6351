import type { Tensor } from "../../core/tensor.ts";
import { asDouble } from "../differences/double.ts";
import { type Directions, unitDirection } from "../differences/neighborhood.ts";
import type { Mode, Problem } from "../differences/problem.ts";
import { AutodiffDerivative, type Cotangent, cotangentsOf } from "./autodiff-derivative.ts";
import { roundingsOf, spreads, unlessRefused } from "./rounding.ts";

/** A derivative, and what it gives for each cotangent. */
interface Pulled {
	readonly derivative: AutodiffDerivative;
	readonly gradients: readonly (readonly Float64Array[])[];
}

/**
 * What both modes give along directions of the arguments: each element of the results in forward
 * mode, each cotangent in reverse mode.
 */
export class GivenDerivatives {
	readonly derivative: AutodiffDerivative;
	readonly cotangents: readonly Cotangent[];
	readonly isForward: boolean;
	private readonly problem: Problem;
	private readonly key: Tensor;
	private readonly gradients: readonly (readonly Float64Array[])[];
	/** What is given when rounding errors fall otherwise; made when it is first needed. */
	private rounded: (Pulled | null)[] = [];

	/** @param cotangents by which results are checked in reverse mode; null: random ones */
	constructor(
		problem: Problem,
		modes: readonly Mode[],
		key: Tensor,
		cotangents: readonly Cotangent[] | null,
	) {
		this.problem = problem;
		this.key = key;
		this.derivative = new AutodiffDerivative(problem);
		this.isForward = modes.includes("forward");
		const drawn = () => cotangentsOf(this.derivative.results, key);
		this.cotangents = cotangents ?? (modes.includes("reverse") ? drawn() : []);
		this.gradients = this.pulled(this.derivative);
	}

	/** What is given at the point. */
	along(directions: Directions): Float64Array {
		return this.alongOf({ derivative: this.derivative, gradients: this.gradients }, directions);
	}

	/** What is given at another point; null where that is outside of a domain. */
	at(there: Problem, directions: Directions): Float64Array | null {
		return unlessRefused(() => {
			const derivative = new AutodiffDerivative(there);
			return this.alongOf({ derivative, gradients: this.pulled(derivative) }, directions);
		});
	}

	/** The standard deviation of the rounding errors of what is given. */
	noise(directions: Directions, scale: number): Float64Array {
		if (this.rounded.length === 0) {
			this.rounded = roundingsOf((key) => {
				const derivative = this.derivative.roundedAtRandom(this.problem, key);
				return { derivative, gradients: this.pulled(derivative) };
			}, this.key);
		}
		const runs = this.rounded.map((pulled) =>
			pulled === null ? null : unlessRefused(() => this.alongOf(pulled, directions)),
		);
		return spreads(runs, this.derivative.unit / scale) ?? new Float64Array(0);
	}

	/** Which sum of the results the k-th number is about. */
	weightsOf(k: number): Float64Array {
		const { results } = this.derivative;
		const elements = results.reduce((size, y) => size + y.size, 0);
		const forward = this.isForward ? elements : 0;
		return k < forward ? unitDirection(elements, k) : this.cotangents[k - forward]!.weights;
	}

	/** Whether single precision comes in, on the way from the arguments to the results. */
	get isSingle(): boolean {
		return this.derivative.nodes.some(({ value }) => value.dtype === "float32");
	}

	/** The cotangents in double precision. */
	get wideCotangents(): readonly Cotangent[] {
		return this.cotangents.map((one) => ({ ...one, vector: one.vector.map(asDouble) }));
	}

	private pulled(at: AutodiffDerivative): Float64Array[][] {
		return this.cotangents.map(({ vector }) => at.pull(vector));
	}

	private alongOf({ derivative, gradients }: Pulled, directions: Directions): Float64Array {
		const tangent = this.isForward ? derivative.pushAll(directions) : new Float64Array(0);
		const out = new Float64Array(tangent.length + gradients.length);
		out.set(tangent);
		for (const [k, gradient] of gradients.entries()) {
			for (const [leaf, direction] of directions.entries()) {
				if (direction !== null) out[tangent.length + k]! += product(gradient[leaf]!, direction);
			}
		}
		return out;
	}
}

function product(x: Float64Array, y: Float64Array): number {
	let sum = 0;
	for (let i = 0; i < x.length; i++) if (y[i] !== 0) sum += x[i]! * y[i]!;
	return sum;
}
