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
	for (let i = 0; i < inputs.length; i++) {
		const [{ position }, dx] = [inputs[i]!, tangents[i]!];
		if (position >= 0 && dx !== null) reached.add(position, dx);
	}
	for (let at = 0; at < nodes.length; at++) {
		const node = nodes[at]!;
		for (let i = 0; i < node.parents.length; i++) {
			const parent = node.parents[i]!;
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
