import {
	inputNode,
	type Node,
	outside,
	Tape,
	tracing,
	track,
	withoutClosed,
} from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";

/** A function's graph at a point: what it computed from its inputs, ready to be differentiated. */
export interface Linearization {
	/** The results, as they are outside of the tape. */
	readonly values: readonly Tensor[];
	/**
	 * The nodes from which the results were made, each after its parents; a node knows its position.
	 */
	readonly nodes: readonly Node[];
	/** The node of each input; its position is −1 where no result depends on it. */
	readonly inputs: readonly Node[];
	/** The node of each result; null where it depends on no input. */
	readonly outputs: readonly (Node | null)[];
}

/** Runs `f` on tracked copies of the inputs and returns the graph between them and its results. */
export function linearizationOf(
	inputs: readonly Tensor[],
	f: (inputs: readonly Tensor[]) => readonly Tensor[],
	tape: Tape = new Tape(),
): Linearization {
	const inputNodes = inputs.map((x) => inputNode(tape, withoutClosed(x)));
	const { depth, whole } = tracing;
	if (tape.evaluator !== null) tracing.depth++;
	if (tape.isWhole) tracing.whole = tape;
	try {
		const tracked = inputNodes.map((node) => track(node.value, node));
		const results = f(tracked).map(withoutClosed);
		const outputs = results.map((x) => (x.node?.tape === tape ? x.node : null));
		return {
			values: results.map((x) => outside(tape, x)),
			nodes: topologicalOrder(outputs),
			inputs: inputNodes,
			outputs,
		};
	} finally {
		tracing.depth = depth;
		tracing.whole = whole;
		tape.open = false;
	}
}

/**
 * Every node from which the results were made, parents first. Iterative: a graph may be as deep as
 * it likes.
 */
export function topologicalOrder(results: readonly (Node | null)[]): Node[] {
	const order: Node[] = [];
	// A path from a result down to the node being visited, with the parent that comes next at each.
	const path: Node[] = [];
	const next: number[] = [];
	// A node may have a place in an order that was made before.
	const isIn = (node: Node) =>
		node.position >= 0 && node.position < order.length && order[node.position] === node;
	const enter = (node: Node | null) => {
		if (node === null || isIn(node)) return;
		path.push(node);
		next.push(0);
	};
	for (const result of results) {
		enter(result);
		while (path.length > 0) {
			const node = path[path.length - 1]!;
			const i = next[next.length - 1]!++;
			if (i < node.parents.length) {
				enter(node.parents[i]!);
			} else {
				node.position = order.push(node) - 1;
				path.pop();
				next.pop();
			}
		}
	}
	return order;
}
