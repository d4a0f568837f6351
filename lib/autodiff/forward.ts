import { debugState } from "../debug-state.ts";
import { add } from "../ops/arithmetic.ts";
import type { Tensor } from "../tensor.ts";
import { differentialOf, fitting } from "./differential.ts";
import type { Linearization } from "./linearization.ts";

/**
 * Forward mode: applies each linear map, from the inputs on to the results. Takes a tangent for each input, gives one
 * for each result; null stands for zero.
 */
export function pushforward(
	{ nodes, inputs, outputs }: Linearization,
	tangents: readonly (Tensor | null)[],
): (Tensor | null)[] {
	const outer = debugState.differentiating;
	const reached = new Array<Tensor | null>(nodes.length).fill(null);
	for (const [i, { position }] of inputs.entries()) {
		if (position >= 0) reached[position] = tangents[i]!;
	}
	for (const [at, node] of nodes.entries()) {
		for (const [i, parent] of node.parents.entries()) {
			const dx = parent === null ? null : reached[parent.position]!;
			const map = dx === null ? null : differentialOf(node, i);
			if (map === null) continue;
			const term = fitting(map.apply(dx!), node.value, node, i);
			const before = reached[at]!;
			reached[at] = before === null ? term : add(before, term);
		}
	}
	debugState.differentiating = outer;
	return outputs.map((node) => (node === null ? null : reached[node.position]!));
}
