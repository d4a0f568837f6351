import { debugState } from "../core/debug-state.ts";
import type { Tensor } from "../core/tensor.ts";
import { differentialOf } from "./differential.ts";
import type { Linearization } from "./linearization.ts";
import { GradientSums } from "./sums.ts";

/**
 * Forward mode: applies each linear map, from the inputs on to the results. Takes a tangent for
 * each input, gives one for each result; null stands for zero.
 */
export function pushforward(
	{ nodes, inputs, outputs }: Linearization,
	tangents: readonly (Tensor | null)[],
): (Tensor | null)[] {
	const outer = debugState.differentiating;
	const reached = new GradientSums(nodes.length);
	for (const [i, { position }] of inputs.entries()) {
		const dx = tangents[i]!;
		if (position >= 0 && dx !== null) reached.add(position, dx);
	}
	for (const [at, node] of nodes.entries()) {
		for (const [i, parent] of node.parents.entries()) {
			const dx = parent === null ? null : reached.get(parent.position);
			const map = dx === null ? null : differentialOf(node, i);
			if (map === null) continue;
			reached.addTerm(at, { map, x: dx!, like: node.value, node, i });
		}
	}
	const results = outputs.map((node) => (node === null ? null : reached.get(node.position)));
	debugState.differentiating = outer;
	return results;
}
