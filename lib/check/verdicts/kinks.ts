import { isFloat } from "../../core/dtype.ts";
import { apply } from "../../core/op.ts";
import { elements } from "../../core/strided.ts";
import type { Node } from "../../core/tape.ts";
import type { Tensor } from "../../core/tensor.ts";
import * as random from "../../random/index.ts";
import { movedBy } from "../differences/neighborhood.ts";
import type { Mode, Problem } from "../differences/problem.ts";
import { type Comparison, Examination } from "./examine.ts";

/** How far the neighbouring point is, relative to the size of the arguments. */
const NEARBY = 1e-3;
/** Of an op with more elements so many are tried. */
const MOST_ELEMENTS = 256;

/**
 * Where several kinks meet, as in relu(x) − relu(−x) at 0, a derivative is made of what each op
 * chooses for itself, and need not lie between those of the two sides. It is right if each op is
 * right by itself, and the whole is right nearby.
 */
export class Kinks {
	private readonly examination: Examination;
	private readonly modes: readonly Mode[];
	private readonly key: Tensor;
	private nearby: Examination | null = null;
	private eachOpIsRight: boolean | null = null;

	constructor(examination: Examination, modes: readonly Mode[], key: Tensor) {
		this.examination = examination;
		this.modes = modes;
		this.key = key;
	}

	/** The comparisons for an element, with a failure that is one of several kinks called that. */
	excuse(leaf: number, i: number, comparisons: readonly Comparison[]): readonly Comparison[] {
		if (!comparisons.some(isFailure) || !this.isRightNearby(leaf, i)) return comparisons;
		this.eachOpIsRight ??= this.examination.derivative.nodes.every((node) => this.isRight(node));
		if (!this.eachOpIsRight) return comparisons;
		return comparisons.map((comparison) =>
			isFailure(comparison) ? { ...comparison, verdict: "at-kink" } : comparison,
		);
	}

	private isRightNearby(leaf: number, i: number): boolean {
		this.nearby ??= new Examination(this.neighbour(), this.modes, this.key);
		return !this.nearby.element(leaf, i).some(isFailure);
	}

	private neighbour(): Problem {
		const { problem, neighborhood } = this.examination;
		const x = problem.x.map((xi, leaf) => {
			const drawn = random.uniform(random.foldIn(this.key, leaf), xi.shape, { low: -1, high: 1 });
			const unit = elements(drawn);
			return movedBy(
				xi,
				neighborhood.scales[leaf]!.map((scale, k) => scale * unit[k]!),
				NEARBY,
			);
		});
		return { ...problem, x };
	}

	/** Whether an op by itself is right where it was applied. */
	private isRight({ op, inputs, params, parents }: Node): boolean {
		if (op === null) return true;
		const isMoved = inputs.map((input, i) => parents[i] !== null && isFloat(input.dtype));
		const x = inputs.filter((_, i) => isMoved[i]);
		const f = (moved: readonly Tensor[]) => {
			let next = 0;
			return [
				apply(
					op,
					inputs.map((input, i) => (isMoved[i] ? moved[next++]! : input)),
					params,
				),
			];
		};
		const problem = {
			f,
			x,
			inputs: x.map(() => op.name),
			outputs: [op.name],
			made: [],
			gradient: null,
		};
		const examination = new Examination(problem, this.modes, this.key);
		return x.every(({ size }, leaf) =>
			tried(size, this.key).every((i) => !examination.element(leaf, i).some(isFailure)),
		);
	}
}

function isFailure({ verdict }: Comparison): boolean {
	return verdict === "fail";
}

/** The elements of a tensor of this size that are tried: all of them, or some. */
function tried(size: number, key: Tensor): readonly number[] {
	if (size <= MOST_ELEMENTS) return Array.from({ length: size }, (_, i) => i);
	return [...new Set(elements(random.randint(key, [MOST_ELEMENTS], 0, size)))];
}
