import { debugState } from "../core/debug-state.ts";
import type { LinearMap } from "../core/linear-map.ts";
import type { Node } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add } from "../ops/arithmetic.ts";
import { fitting } from "./differential.ts";

/**
 * What a map gives for x: the map of argument `i` at a node or its transpose, with a result of the
 * shape of `like`.
 */
export interface Contribution {
	readonly map: LinearMap;
	readonly x: Tensor;
	readonly like: Tensor;
	readonly node: Node;
	readonly i: number;
}

/**
 * The tangents or cotangents of nodes, by their positions, as what maps contribute to them adds up,
 * in the order in which it comes. Terms that are only put in places (the gradients of slices) wait,
 * and those that follow each other are added up as one.
 */
export class GradientSums {
	readonly #sums: (Tensor | null)[];
	readonly #waiting = new Map<number, Contribution[]>();

	constructor(size: number) {
		this.#sums = new Array<Tensor | null>(size).fill(null);
	}

	/** Adds a tensor to the sum at a position. */
	add(at: number, x: Tensor): void {
		const before = this.get(at);
		this.#sums[at] = before === null ? x : add(before, x);
	}

	/** Adds what a map gives. */
	addTerm(at: number, term: Contribution): void {
		const { placement } = term.map;
		if (placement === null) {
			this.add(at, totalOf([term]));
			return;
		}
		const waiting = this.#waiting.get(at);
		if (waiting !== undefined && waiting[0]!.map.placement!.sum === placement.sum) {
			waiting.push(term);
			return;
		}
		this.get(at);
		this.#waiting.set(at, [term]);
	}

	/** The sum at a position; null where nothing was added. */
	get(at: number): Tensor | null {
		const waiting = this.#waiting.get(at);
		if (waiting !== undefined) {
			this.#waiting.delete(at);
			this.add(at, totalOf(waiting));
		}
		return this.#sums[at]!;
	}

	/** The same, which is then no longer kept. */
	take(at: number): Tensor | null {
		const sum = this.get(at);
		this.#sums[at] = null;
		return sum;
	}
}

/** The sum of terms, of which several are placed in the same way. */
function totalOf(terms: readonly Contribution[]): Tensor {
	const { map, x, like, node, i } = terms[0]!;
	debugState.differentiating = node;
	const value =
		terms.length === 1
			? map.apply(x)
			: map.placement!.sum(terms.map((term) => ({ x: term.x, at: term.map.placement!.at })));
	return fitting(value, like, node, i);
}
