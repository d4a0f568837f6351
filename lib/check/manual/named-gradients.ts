import { type Linearization, linearizationOf } from "../../autodiff/linearization.ts";
import { pullback } from "../../autodiff/reverse.ts";
import { isFloat } from "../../core/dtype.ts";
import { GradientError } from "../../core/error.ts";
import { broadcastNumber } from "../../core/lift.ts";
import { sameShape, showShape } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import type { Node } from "../../core/tape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { as } from "../../ops/naming.ts";
import { transpose } from "../../structure/layout.ts";
import type { Problem } from "../differences/problem.ts";
import type { Factor, Meeting } from "../verdicts/products.ts";
import { type Part, partsOfUse } from "./parts.ts";

/** A named value of a computation, with the gradient of the result by it. */
export interface NamedGradient {
	readonly name: string;
	readonly value: Tensor;
	readonly gradient: Tensor;
	/** Going backwards, the gradient is complete the earlier the greater this is. */
	readonly position: number;
	/** What each use of the value contributes to the gradient. */
	readonly parts: () => readonly Part[];
	/**
	 * The matrices that may meet in the gradient: the other input of each op that uses the value, and
	 * the gradient of its result.
	 */
	readonly meetings: () => readonly Meeting[];
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
	const found: NamedGradient[] = [...names].map(([node, name]) => {
		const uses = usesOf(graph, node);
		return {
			name,
			value: node.value,
			gradient: gradientAt(graph, node),
			position: Math.min(...uses.map((use) => use.position)),
			parts: () => uses.flatMap((use) => partsOfUse(use, node, gradientAt(graph, use))),
			meetings: () => uses.flatMap((use) => meetingsOf(graph, names, found, node, use)),
		};
	});
	return found.sort((a, b) => b.position - a.position);
}

function usesOf(graph: Linearization, node: Node): Node[] {
	return graph.nodes.filter(({ parents }) => parents.includes(node));
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

/** Each other input of a node, with the gradient of the node's result. */
function meetingsOf(
	graph: Linearization,
	names: ReadonlyMap<Node, string>,
	found: readonly NamedGradient[],
	input: Node,
	use: Node,
): Meeting[] {
	if (use.op?.traits?.reverses?.(use.params) === true && use.value.rank === 2) {
		return usesOf(graph, use)
			.flatMap((next) => meetingsOf(graph, names, found, use, next))
			.map(({ factors, product }) => ({ factors, product: transpose(product) }));
	}
	const value = gradientAt(graph, use);
	const naming = graph.nodes.find(({ op, parents }) => op === as.op && parents[0] === use);
	// A step between, as an addition, may pass a gradient on as it is.
	const same = found.find(({ gradient }) => isSame(gradient, value));
	const named = naming === undefined ? same?.name : names.get(naming);
	const g = { name: named === undefined ? "g" : `grad_${named}`, value };
	const [product] = partsOfUse(use, input, value);
	return use.inputs.flatMap((value, i) => {
		const parent = use.parents[i]!;
		if (parent === input || product === undefined) return [];
		const factor: Factor = { name: textOf(names, parent), value };
		return [{ factors: [factor, g] as const, product: product.value }];
	});
}

function isSame(x: Tensor, y: Tensor): boolean {
	if (!sameShape(x.shape, y.shape)) return false;
	const [a, b] = [elements(x), elements(y)];
	return a.every((value, k) => value === b[k]);
}

/** What a value is called, or the one of which it is a view. */
function textOf(names: ReadonlyMap<Node, string>, node: Node | null): string {
	const name = node === null ? undefined : names.get(node);
	if (name !== undefined) return name;
	if (node === null || node.op?.lowering !== "view") return "input";
	return node.op.print([textOf(names, node.parents[0]!)], node.params);
}
