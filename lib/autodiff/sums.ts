import { debugState } from "../core/debug-state.ts";
import type { Arrived, LinearMap, Placed, Placement } from "../core/linear-map.ts";
import type { Node } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add } from "../ops/arithmetic.ts";
import { differentialOf, fitting } from "./differential.ts";

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

/** Terms that are put in places in one way. */
interface Waiting {
	readonly placement: Placement;
	readonly first: Omit<Contribution, "map" | "x">;
	/** The map of the first, unless that has come through a view. */
	readonly map?: LinearMap;
	readonly arrived: Arrived<unknown>[];
}

/**
 * The tangents or cotangents of nodes, by their positions, as what maps contribute to them adds up,
 * in the order in which it comes. Terms that are only put in places (the gradients of slices) wait,
 * and those that are put in one way are added up as one.
 */
export class GradientSums {
	readonly #sums: (Tensor | null)[] = [];
	readonly #waiting = new Map<number, Map<unknown, Waiting>>();

	constructor(size: number) {
		for (let at = 0; at < size; at++) this.#sums.push(null);
	}

	/** Adds a tensor to the sum at a position. */
	add(at: number, x: Tensor): void {
		const before = this.get(at);
		this.#sums[at] = before === null ? x : add(before, x);
	}

	/** Adds what a map gives. */
	addTerm(at: number, { map, x, like, node, i }: Contribution): void {
		const { placement } = map;
		if (placement !== null) {
			this.#wait(at, placement, { like, node, i }, { x, at: placement.at }, map);
			return;
		}
		debugState.differentiating = node;
		this.add(at, fitting(map.apply(x), like, node, i));
	}

	/**
	 * Hands terms that wait at a view on to what it is a view of, and adds nothing up in the view, if
	 * that is better.
	 */
	passOn(node: Node): boolean {
		const [parent] = node.parents;
		const waiting = this.#waiting.get(node.position);
		if (parent == null || waiting?.size !== 1 || this.#sums[node.position] !== null) return false;
		const [{ placement, arrived }] = [...waiting.values()] as [Waiting];
		const passed = placement.within?.passedOn(node, arrived);
		if (passed == null) return false;
		this.#waiting.delete(node.position);
		const first = { like: node.inputs[0]!, node, i: 0 };
		this.#wait(parent.position, placement, first, passed);
		return true;
	}

	#wait(
		at: number,
		placement: Placement,
		first: Waiting["first"],
		one: Arrived<unknown>,
		map?: LinearMap,
	): void {
		const kinds = this.#waiting.get(at) ?? new Map<unknown, Waiting>();
		this.#waiting.set(at, kinds);
		const waiting = kinds.get(placement.sum);
		if (waiting !== undefined) waiting.arrived.push(one);
		else kinds.set(placement.sum, { placement, first, arrived: [one], map });
	}

	/** The sum at a position; null where nothing was added. */
	get(at: number): Tensor | null {
		const waiting = this.#waiting.get(at);
		if (waiting !== undefined) {
			this.#waiting.delete(at);
			for (const terms of waiting.values()) this.add(at, waited(terms));
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

/** The sum of terms that have waited. */
function waited({ placement, arrived, map, first: { like, node, i } }: Waiting): Tensor {
	debugState.differentiating = node;
	const placed = arrived as Placed<unknown>[];
	const isOne = placed.length === 1 && map !== undefined;
	const total = isOne
		? map.apply(placed[0]!.x)
		: (placement.within?.total(arrived, like, placement.sum, backThrough) ?? placement.sum(placed));
	return fitting(total, like, node, i);
}

/** A cotangent of a view as one of what it is a view of. */
function backThrough(view: Node, g: Tensor): Tensor {
	return fitting(differentialOf(view, 0)!.transpose.apply(g), view.inputs[0]!, view, 0);
}
