import { debugState } from "../debug-state.ts";
import type { LinearMap } from "../linear-map.ts";
import { type Node, outside, Recording, track, withoutClosed } from "../node.ts";
import type { Tensor } from "../tensor.ts";

/** A function's graph at a point: what it computed from its inputs, ready to be differentiated. */
export interface Linearization {
	/** The results, as they are outside of the recording. */
	readonly values: readonly Tensor[];
	/** The nodes between inputs and results, each one after those it was made from. */
	readonly nodes: readonly Node[];
	/** For each of `nodes`, where its parents stand in `nodes`; −1 for a constant. */
	readonly parents: readonly (readonly number[])[];
	/** Where each input stands in `nodes`; −1 where no result depends on it. */
	readonly inputs: readonly number[];
	/** Where each result stands in `nodes`; −1 where it depends on no input. */
	readonly outputs: readonly number[];
}

/** Runs `f` on tracked copies of the inputs and returns the graph between them and its results. */
export function linearizationOf(
	inputs: readonly Tensor[],
	f: (inputs: readonly Tensor[]) => readonly Tensor[],
): Linearization {
	const recording = new Recording();
	const inputNodes = inputs.map((x): Node => {
		const value = withoutClosed(x);
		return { recording, op: null, inputs: [], params: null, parents: [], value, site: null };
	});
	let results: readonly Tensor[];
	try {
		results = f(inputNodes.map((node) => track(node.value, node))).map(withoutClosed);
	} finally {
		recording.open = false;
	}
	const resultNodes = results.map((x) => (x.node?.recording === recording ? x.node : null));
	const order = topologicalOrder(resultNodes);
	const position = new Map(order.map((node, i) => [node, i]));
	const find = (node: Node | null) => (node === null ? -1 : (position.get(node) ?? -1));
	return {
		values: results.map((x) => outside(recording, x)),
		nodes: order,
		parents: order.map((node) => node.parents.map(find)),
		inputs: inputNodes.map(find),
		outputs: resultNodes.map(find),
	};
}

/** Every node from which the results were made, parents first. Iterative: a graph may be as deep as it likes. */
function topologicalOrder(results: readonly (Node | null)[]): Node[] {
	const order: Node[] = [];
	const seen = new Set<Node>();
	// A path from a result down to the node being visited, with the parent that comes next at each.
	const path: Node[] = [];
	const next: number[] = [];
	const enter = (node: Node | null) => {
		if (node === null || seen.has(node)) return;
		seen.add(node);
		path.push(node);
		next.push(0);
	};
	for (const result of results) {
		enter(result);
		while (path.length > 0) {
			const node = path.at(-1)!;
			const i = next[next.length - 1]!++;
			if (i < node.parents.length) {
				enter(node.parents[i]!);
			} else {
				order.push(node);
				path.pop();
				next.pop();
			}
		}
	}
	return order;
}

/** What `use` makes of the linear map of argument `i` at a node; null where the result does not vary with it. */
export function applyDifferential(
	node: Node,
	i: number,
	use: (map: LinearMap) => Tensor,
): Tensor | null {
	const outer = debugState.differentiating;
	debugState.differentiating = node;
	try {
		const map = node.op!.differential!(i, node.inputs, node.value, node.params);
		return map === null ? null : use(map);
	} finally {
		debugState.differentiating = outer;
	}
}
