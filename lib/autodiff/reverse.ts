import { debugState } from "../core/debug-state.ts";
import type { LinearMap } from "../core/linear-map.ts";
import type { Node } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { differentialOf } from "./differential.ts";
import type { Linearization } from "./linearization.ts";
import { pulledInOnePass } from "./one-pass.ts";
import { GradientSums } from "./sums.ts";

/** Looks on while cotangents are taken back. */
export interface PullbackWatch {
	/** A node's cotangent is complete, and is about to be taken further back. */
	readonly complete?: (node: Node, g: Tensor) => void;
	/** The map of argument `i` takes a node's cotangent back: the node's share in its parent's. */
	readonly share?: (node: Node, i: number, map: LinearMap) => void;
}

/**
 * Reverse mode: applies the transpose of each linear map, from the results back to the inputs.
 * Takes a cotangent for each result, gives one for each input; null stands for zero. Each node is
 * visited once, after everything that was made from it, and contributions are added in that order,
 * so a run repeats bit for bit.
 */
export function pullback(
	{ nodes, inputs, outputs }: Linearization,
	cotangents: readonly (Tensor | null)[],
	watch: PullbackWatch = {},
): (Tensor | null)[] {
	const outer = debugState.differentiating;
	const arrived = new GradientSums(nodes.length);
	for (let i = 0; i < outputs.length; i++) {
		const [node, g] = [outputs[i]!, cotangents[i]!];
		if (node !== null && g !== null) arrived.add(node.position, g);
	}
	for (let at = nodes.length - 1; at >= 0; at--) {
		const node = nodes[at]!;
		if (node.op !== null && arrived.passOn(node)) continue;
		const g = node.op === null ? arrived.get(at) : arrived.take(at);
		if (g === null) continue;
		watch.complete?.(node, g);
		if (node.op === null) continue;
		for (let i = 0; i < node.parents.length; i++) {
			const parent = node.parents[i]!;
			const pulled = parent === null || watch.share ? null : pulledInOnePass(node, i, g);
			if (pulled !== null) {
				arrived.add(parent!.position, pulled);
				continue;
			}
			const map = parent === null ? null : differentialOf(node, i);
			if (map === null) continue;
			watch.share?.(node, i, map);
			arrived.addTerm(parent!.position, {
				map: map.transpose,
				x: g,
				like: node.inputs[i]!,
				node,
				i,
			});
		}
	}
	const results = inputs.map(({ position }) => (position < 0 ? null : arrived.get(position)));
	debugState.differentiating = outer;
	return results;
}
