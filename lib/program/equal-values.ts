import type { Linearization } from "../autodiff/linearization.ts";
import type { Node } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Value } from "./program.ts";
import type { Tidying } from "./tidy.ts";
import { programSoFar } from "./trace.ts";

/** A graph in which no two nodes have equal values. */
export interface Merged {
	readonly graph: Linearization;
	/** The nodes of the graph before for which each node of this one stands. */
	readonly equals: ReadonlyMap<Node, readonly Node[]>;
}

/**
 * The graph of a function that is being traced, with what is computed twice in it once. A
 * derivation has one line for such a value, so it needs one gradient, which is the sum of what
 * comes from each use: run backward, the merged graph adds them up. Equal is what becomes one value
 * when the program is tidied.
 * @param leaves the arguments of the trace
 */
export function withEqualsMerged(
	graph: Linearization,
	leaves: readonly Tensor[],
	tidy: Tidying,
): Merged {
	const soFar = programSoFar(leaves, graph.values);
	const { after } = tidy(soFar.program);
	const now = new Map<Node, Node>();
	const equals = new Map<Node, Node[]>();
	const first = new Map<Value, Node>();
	const nodes: Node[] = [];
	for (const node of graph.nodes) {
		const traced = node.value.node;
		// Null, or none of the result's: a call of a function that does not use its argument.
		const value = traced === null ? undefined : soFar.valueOf(traced);
		const term = value === undefined ? undefined : after(value);
		// What is known to be 0 is no value of the derivation.
		const known = term === undefined || term.kind === "constant" ? undefined : first.get(term);
		if (known !== undefined) {
			now.set(node, known);
			equals.get(known)!.push(node);
			continue;
		}
		const parents = node.parents.map((parent) => (parent === null ? null : now.get(parent)!));
		const copy: Node = { ...node, parents, position: nodes.length };
		nodes.push(copy);
		now.set(node, copy);
		equals.set(copy, [node]);
		if (term !== undefined) first.set(term, copy);
	}
	return {
		graph: {
			values: graph.values,
			nodes,
			inputs: graph.inputs.map((node) => now.get(node) ?? node),
			outputs: graph.outputs.map((node) => (node === null ? null : now.get(node)!)),
		},
		equals,
	};
}
