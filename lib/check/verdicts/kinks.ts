import { allocate, isFloat } from "../../core/dtype.ts";
import { apply } from "../../core/op.ts";
import { elements } from "../../core/strided.ts";
import type { Node } from "../../core/tape.ts";
import { Tensor } from "../../core/tensor.ts";
import * as random from "../../random/index.ts";
import { type ElementPlace, nearby } from "../differences/neighborhood.ts";
import type { Mode } from "../differences/problem.ts";
import { type Comparison, Examination } from "./examine.ts";
import { comparedWithTies } from "./ties.ts";

/** Of an op with more elements so many are tried. */
const MOST_ELEMENTS = 64;

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

	/** The comparisons for elements, with a failure that is one of several kinks called that. */
	compareAt(places: readonly ElementPlace[]): readonly Comparison[] {
		const comparisons = this.examination.elements(places);
		if (!comparisons.some(isFailure) || !this.isRightNearby(places)) return comparisons;
		this.eachOpIsRight ??= this.examination.derivative.nodes.every((node) => this.isRight(node));
		if (!this.eachOpIsRight) return comparisons;
		return comparisons.map((comparison) =>
			isFailure(comparison) ? { ...comparison, verdict: "at-kink" } : comparison,
		);
	}

	private isRightNearby(places: readonly ElementPlace[]): boolean {
		this.nearby ??= nearby(
			this.examination.problem,
			this.key,
			(there) => new Examination(there, this.modes, this.key),
		);
		return this.nearby !== null && !this.nearby.elements(places).some(isFailure);
	}

	/** Whether an op by itself is right where it was applied. */
	private isRight({ op, inputs: all, params, parents }: Node): boolean {
		if (op === null) return true;
		const isElementwise = op.formula !== undefined && params === null;
		const inputs = isElementwise ? someElements(all, this.key) : all;
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
		const places = x.flatMap((xi, leaf) =>
			tried(xi, this.key).map((element) => ({ leaf, element })),
		);
		for (const { comparisons } of comparedWithTies(x, places, (at) => examination.elements(at))) {
			if (comparisons.some(isFailure)) return false;
		}
		return true;
	}
}

function isFailure({ verdict }: Comparison): boolean {
	return verdict === "fail";
}

/**
 * The elements of a tensor that are tried: all of them, or of many some at random and some of which
 * there are equal ones.
 */
function tried(x: Tensor, key: Tensor): readonly number[] {
	if (x.size <= MOST_ELEMENTS) return Array.from({ length: x.size }, (_, i) => i);
	const firsts = new Map<number, number>();
	const repeated = new Set<number>();
	for (const [i, value] of elements(x).entries()) {
		const first = firsts.get(Math.abs(value));
		if (first === undefined) firsts.set(Math.abs(value), i);
		else repeated.add(first);
	}
	const drawn = elements(random.randint(key, [MOST_ELEMENTS], 0, x.size));
	return [...new Set([...[...repeated].slice(0, MOST_ELEMENTS), ...drawn])];
}

/**
 * The arguments of an elementwise op at the elements that are tried. Elements do not meet in it, so
 * what stands at several of them is kept once.
 */
function someElements(inputs: readonly Tensor[], key: Tensor): readonly Tensor[] {
	const size = Math.max(...inputs.map((x) => x.size));
	const isWhole = ({ size: own }: Tensor) => own === size;
	if (size <= MOST_ELEMENTS || !inputs.every((x) => isWhole(x) || x.rank === 0)) return inputs;
	const values = inputs.map(elements);
	const valuesAt = (i: number) => values.map((own) => own[own.length === 1 ? 0 : i]!);
	const distinct = new Map<string, number>();
	for (const i of inputs.filter(isWhole).flatMap((x) => tried(x, key))) {
		distinct.set(valuesAt(i).join(), i);
	}
	const kept = [...distinct.values()];
	return inputs.map((x, k) => {
		if (!isWhole(x)) return x;
		const storage = allocate(x.dtype, kept.length);
		for (const [at, i] of kept.entries()) storage[at] = values[k]![i]!;
		return new Tensor(storage, x.dtype, [kept.length]);
	});
}
