import { differentialOf } from "../../autodiff/differential.ts";
import { type Linearization, linearizationOf } from "../../autodiff/linearization.ts";
import { pullback } from "../../autodiff/reverse.ts";
import type { Node } from "../../core/tape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { concatenated } from "../differences/neighborhood.ts";
import type { TensorList } from "../differences/problem.ts";

/**
 * Where a function with a gradient by hand uses an argument several times: which of the uses its
 * gradient leaves out, if adding what the use contributes makes it right.
 * @param missing what the gradient of the results, weighted by the cotangents, lacks
 */
export function lostUseOf(
	graph: Linearization,
	leaf: number,
	cotangents: TensorList,
	missing: Float64Array,
	tolerance: number,
): string | null {
	const argument = graph.inputs[leaf]!;
	for (const call of graph.nodes) {
		if (call.op?.traits?.call === undefined) continue;
		const g = gradientAt(graph, call, cotangents);
		for (const [i, parent] of call.parents.entries()) {
			if (parent !== argument || g === null) continue;
			const inside = insideOf(call);
			const uses = inside.nodes.filter(({ parents }) => parents.includes(inside.inputs[i]!));
			if (uses.length < 2) continue;
			const lost = uses.find((use) => {
				const part = contributionOf(inside, inside.inputs[i]!, use, [g]);
				return part?.every((value, k) => Math.abs(value - missing[k]!) <= tolerance);
			});
			if (lost === undefined) continue;
			const { name } = lost.op!;
			return `one of the ${uses.length} uses of the argument does not contribute, that in ${name}: their gradients have to be added`;
		}
	}
	return null;
}

/** The computation of a function applied as one op, which infers its result by running it. */
function insideOf({ op, inputs, params }: Node): Linearization {
	return linearizationOf(inputs, (x) => [op!.infer(x, params) as Tensor]);
}

/** The gradient that arrives at a node; null where none does. */
function gradientAt(graph: Linearization, node: Node, cotangents: TensorList): Tensor | null {
	const nodes = graph.nodes.map((other) => (other === node ? { ...node, op: null } : other));
	const [gradient] = pullback({ ...graph, nodes, inputs: [node] }, cotangents);
	return gradient ?? null;
}

/** What one use of an input contributes to its gradient; null for nothing. */
function contributionOf(
	graph: Linearization,
	input: Node,
	use: Node,
	cotangents: TensorList,
): Float64Array | null {
	const g = gradientAt(graph, use, cotangents);
	if (g === null) return null;
	const parts = use.parents.flatMap((parent, i) => {
		const map = parent === input ? differentialOf(use, i) : null;
		return map === null ? [] : [concatenated([map.transpose.apply(g)])];
	});
	if (parts.length === 0) return null;
	return parts[0]!.map((_, k) => parts.reduce((sum, part) => sum + part[k]!, 0));
}
