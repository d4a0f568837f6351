import { differentialOf } from "../../autodiff/differential.ts";
import { type Linearization, linearizationOf } from "../../autodiff/linearization.ts";
import { pullback } from "../../autodiff/reverse.ts";
import { isFloat } from "../../core/dtype.ts";
import { GradientError } from "../../core/error.ts";
import { broadcastNumber } from "../../core/lift.ts";
import { showShape } from "../../core/shape.ts";
import type { Node } from "../../core/tape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { as } from "../../ops/naming.ts";
import type { Problem } from "../differences/problem.ts";
import type { Factor } from "../verdicts/products.ts";

/** A named value of a computation, with the gradient of the result by it. */
export interface NamedGradient {
	readonly name: string;
	readonly value: Tensor;
	readonly gradient: Tensor;
	/** Going backwards, the gradient is complete the earlier the greater this is. */
	readonly position: number;
	/** What each use of the value contributes to the gradient. */
	readonly contributions: () => readonly Tensor[];
	/**
	 * The matrices that may meet in the gradient: the other input of each op that uses the value, and
	 * the gradient of its result.
	 */
	readonly pairs: () => readonly (readonly [Factor, Factor])[];
}

/**
 * The gradients of a scalar by what `as` named on the way and by the arguments, which are called by
 * the last part of their path, in backward order.
 * @throws GradientError when the result is not a scalar, or a name stands for two values
 */
export function namedGradients({ f, x, inputs }: Problem): NamedGradient[] {
	const graph = linearizationOf(x, f);
	const [result] = graph.values;
	if (graph.values.length !== 1 || result!.rank !== 0 || !isFloat(result!.dtype)) {
		throw new GradientError(
			`checkManual: expected one float scalar, the loss, as the result, got ${graph.values.map((y) => showShape(y.shape)).join(", ")}`,
		);
	}
	const names = namesOf(graph, inputs);
	const found = [...names].map(([node, name]) => {
		const uses = graph.nodes.filter((other) => other.parents.includes(node));
		return {
			name,
			value: node.value,
			gradient: gradientAt(graph, node),
			position: Math.min(...uses.map((use) => use.position)),
			contributions: () => uses.flatMap((use) => contributionsOf(graph, node, use)),
			pairs: () => uses.flatMap((use) => pairsOf(graph, names, node, use)),
		};
	});
	return found.sort((a, b) => b.position - a.position);
}

function namesOf(graph: Linearization, inputs: readonly string[]): Map<Node, string> {
	const names = new Map<Node, string>();
	for (const [i, node] of graph.inputs.entries()) {
		names.set(node, inputs[i]!.slice(inputs[i]!.lastIndexOf(".") + 1));
	}
	for (const node of graph.nodes) {
		if (node.op === as.op) names.set(node, (node.params as { name: string }).name);
	}
	const seen = new Set<string>();
	for (const name of names.values()) {
		if (seen.has(name)) throw new GradientError(`checkManual: two values are called ${name}`);
		seen.add(name);
	}
	return names;
}

/** The gradient that arrives at a node: that of an input, if the node were one. */
function gradientAt(graph: Linearization, node: Node): Tensor {
	const [result] = graph.values;
	const nodes = graph.nodes.map((other) => (other === node ? { ...node, op: null } : other));
	const one = broadcastNumber("checkManual", 1, result!.dtype, []);
	const [gradient] = pullback({ ...graph, nodes, inputs: [node] }, [one]);
	return gradient ?? broadcastNumber("checkManual", 0, node.value.dtype, node.value.shape);
}

/** What an op sends back to each place where it has the value as its input. */
function contributionsOf(graph: Linearization, input: Node, use: Node): Tensor[] {
	const g = gradientAt(graph, use);
	return use.parents.flatMap((parent, i) => {
		const map = parent === input ? differentialOf(use, i) : null;
		return map === null ? [] : [map.transpose.apply(g)];
	});
}

/** Each other input of a node, with the gradient of the node's result. */
function pairsOf(
	graph: Linearization,
	names: ReadonlyMap<Node, string>,
	input: Node,
	use: Node,
): (readonly [Factor, Factor])[] {
	const naming = graph.nodes.find((node) => node.op === as.op && node.parents[0] === use);
	const g = {
		name: naming === undefined ? "g" : `grad_${names.get(naming)}`,
		value: gradientAt(graph, use),
	};
	return use.inputs.flatMap((value, i) => {
		const parent = use.parents[i]!;
		if (parent === input) return [];
		const name = (parent === null ? undefined : names.get(parent)) ?? "input";
		return [[{ name, value }, g] as const];
	});
}
