import type { Tensor } from "../tensor.ts";
import { applyDifferential, type Linearization } from "./linearization.ts";

/**
 * Forward mode: applies each linear map, from the inputs on to the results. Takes a tangent for each input, gives one
 * for each result; null stands for zero.
 */
export function pushforward(
	{ nodes, parents, inputs, outputs }: Linearization,
	tangents: readonly (Tensor | null)[],
): (Tensor | null)[] {
	const reached = new Array<Tensor | null>(nodes.length).fill(null);
	inputs.forEach((at, i) => {
		if (at >= 0) reached[at] = tangents[i]!;
	});
	for (const [at, node] of nodes.entries()) {
		for (const [i, parent] of parents[at]!.entries()) {
			const dx = parent < 0 ? null : reached[parent]!;
			if (dx === null) continue;
			const term = applyDifferential(node, i, (map) => map.apply(dx));
			if (term === null) continue;
			const before = reached[at]!;
			reached[at] = before === null ? term : before.add(term);
		}
	}
	return outputs.map((at) => (at < 0 ? null : reached[at]!));
}
