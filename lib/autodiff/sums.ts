import { debugState } from "../core/debug-state.ts";
import type { Arrived, LinearMap, PassedOn, Placed, Placement } from "../core/linear-map.ts";
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
	readonly #sums: (Tensor | null)[];
	readonly #waiting = new Map<number, Map<unknown, Waiting>>();

	constructor(size: number) {
		this.#sums = new Array<Tensor | null>(size).fill(null);
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
		const passed = placement.within === undefined ? null : passedOn(node, arrived);
		if (passed === null) return false;
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
function waited(terms: Waiting): Tensor {
	const { like, node, i } = terms.first;
	debugState.differentiating = node;
	return fitting(totalOf(terms, like), like, node, i);
}

/**
 * What has arrived at a view, to be added to what it is a view of; null where it is better added up
 * in the view. A view may be made anew at each place of a walk (`x.T.slice(t)`), or be all that
 * is left of a walk (`rest = rest.slice([1, null])`): a tensor of its size for each would cost the
 * square of the walk. So terms are added up in a view only where they fill it, and each of them has
 * at most half of it: no element is then copied more often than sizes can double.
 */
function passedOn(node: Node, terms: readonly Arrived<unknown>[]): PassedOn<unknown> | null {
	const { op, value } = node;
	if (op?.lowering !== "view" || !op.traits?.linear) return null;
	const sizes = terms.map((one) => ("at" in one ? one.x.size : one.size));
	const size = sizes.reduce((sum, one) => sum + one, 0);
	const largest = sizes.reduce((a, b) => Math.max(a, b));
	if (sizes.includes(0) || (size >= value.size && 2 * largest <= value.size)) return null;
	return { node, terms, size };
}

/** The sum of terms that are placed in one way, in a tensor like this one. */
function totalOf(
	{ placement, arrived, map }: Pick<Waiting, "placement" | "arrived" | "map">,
	like: Tensor,
): Tensor {
	const [{ x }] = arrived as [Placed<unknown>];
	if (arrived.length === 1 && map !== undefined) return map.apply(x);
	const found = arrived.map((one) => ("at" in one ? [one] : (placement.within!(one, like) ?? one)));
	const placed = found.flatMap((one) => ("node" in one ? [] : one));
	const rest = found.flatMap((one) => ("node" in one ? [backThrough(one, placement)] : []));
	const sums = placed.length === 0 ? rest : [placement.sum(placed), ...rest];
	return sums.reduce((a, b) => add(a, b));
}

/** Terms added up in the view at which they arrived. */
function backThrough({ node, terms }: PassedOn<unknown>, placement: Placement): Tensor {
	const g = totalOf({ placement, arrived: terms as Arrived<unknown>[] }, node.value);
	return fitting(differentialOf(node, 0)!.transpose.apply(g), node.inputs[0]!, node, 0);
}
