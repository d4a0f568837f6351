import type { Tensor } from "../tensor.ts";
import { applyDifferential, type Linearization } from "./linearization.ts";

/**
 * Reverse mode: applies the transpose of each linear map, from the results back to the inputs. Takes a cotangent for
 * each result, gives one for each input; null stands for zero. Each node is visited once, after everything that
 * was made from it, and contributions are added in that order, so a run repeats bit for bit.
 */
export function pullback(
	{ nodes, parents, inputs, outputs }: Linearization,
	cotangents: readonly (Tensor | null)[],
): (Tensor | null)[] {
	const arrived = new Array<Tensor | null>(nodes.length).fill(null);
	const arrive = (at: number, g: Tensor | null) => {
		if (at < 0 || g === null) return;
		const before = arrived[at]!;
		arrived[at] = before === null ? g : before.add(g);
	};
	for (const [i, at] of outputs.entries()) arrive(at, cotangents[i]!);
	for (let at = nodes.length - 1; at >= 0; at--) {
		const g = arrived[at]!;
		const node = nodes[at]!;
		if (g === null || node.op === null) continue;
		arrived[at] = null;
		for (const [i, parent] of parents[at]!.entries()) {
			if (parent < 0) continue;
			arrive(
				parent,
				applyDifferential(node, i, (map) => map.transpose.apply(g)),
			);
		}
	}
	return inputs.map((at) => (at < 0 ? null : arrived[at]!));
}
