import {
	type Linearization,
	linearizationOf,
	topologicalOrder,
} from "../autodiff/linearization.ts";
import { apply, type TensorType } from "../core/op.ts";
import { type Node, Tape } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { abstractTensor } from "./abstract.ts";
import { constantOf, type Input, type Instruction, type Program, type Value } from "./program.ts";

/** A program together with the graph that it was read from. */
export interface Traced {
	readonly program: Program;
	/** The value that a node of the trace stands for. */
	readonly valueOf: (node: Node) => Value;
	/** The instructions in the order in which the function applied them, where that was asked for. */
	readonly order: readonly Instruction[];
	/** The user's line that applied an instruction, where lines are noted (`debugState.here`). */
	readonly siteOf: (step: Instruction) => string | undefined;
}

/** How a function is traced. */
export interface Tracing {
	/** What the user called, which errors name. */
	readonly caller?: string;
	/** Takes each result as it comes about, for `order`. */
	readonly made?: Tensor[];
	/** Whether what depends on no input, but is watched, is part of the program. */
	readonly isWhole?: boolean;
}

type VectorFunction = (inputs: readonly Tensor[]) => readonly Tensor[];

/**
 * The program of a function, recorded by running it once on tensors of these types that have no
 * values. Derivatives taken inside are part of it. What the function computes from constants alone
 * is computed then and there.
 * @throws TraceError when the function asks for a value
 */
export function trace(
	types: readonly TensorType[],
	f: VectorFunction,
	{ caller, made, isWhole = false }: Tracing = {},
): Traced {
	const tape = new Tape((op, inputs, params) => {
		const out = abstractTensor(op.infer(inputs, params), `a result of ${op.name}`, caller);
		made?.push(out);
		return out;
	});
	tape.isWhole = isWhole;
	const inputs = types.map((type, i) => abstractTensor(type, `argument ${i + 1}`, caller));
	return programOf(linearizationOf(inputs, f, tape), made);
}

/**
 * As `trace`, run on values: the function may look at them, and the program is the one for what it
 * saw.
 */
export function traceAt(
	inputs: readonly Tensor[],
	f: VectorFunction,
	{ made }: Pick<Tracing, "made"> = {},
): Traced {
	const tape = new Tape((op, values, params) => {
		const out = apply(op, values, params);
		made?.push(out);
		return out;
	});
	return programOf(linearizationOf(inputs, f, tape), made);
}

/**
 * What a function that is being traced has computed so far: the program of these results, which it
 * may yet go on from.
 */
export function programSoFar(inputs: readonly Tensor[], results: readonly Tensor[]): Traced {
	const outputs = results.map(({ node }) => node);
	return programOf({
		values: results,
		nodes: topologicalOrder(outputs),
		inputs: inputs.map(({ node }) => node!),
		outputs,
	});
}

function programOf(
	{ values, nodes, inputs, outputs }: Linearization,
	made: readonly Tensor[] = [],
): Traced {
	const byNode = new Map<Node, Value>();
	const constants = new Map<Tensor, Value>();
	const constant = (tensor: Tensor): Value => {
		const known = constants.get(tensor) ?? constantOf(tensor);
		constants.set(tensor, known);
		return known;
	};
	const programInputs = inputs.map(({ value }): Input => {
		return { kind: "input", type: { shape: value.shape, dtype: value.dtype } };
	});
	for (const [i, node] of inputs.entries()) byNode.set(node, programInputs[i]!);
	const instructions: Instruction[] = [];
	const sites = new Map<Instruction, () => string>();
	for (const node of nodes) {
		if (node.op === null) continue;
		const made: Instruction = {
			kind: "instruction",
			type: { shape: node.value.shape, dtype: node.value.dtype },
			op: node.op,
			inputs: node.inputs.map((x, i) => {
				const parent = node.parents[i]!;
				return parent === null ? constant(x) : byNode.get(parent)!;
			}),
			params: node.params,
		};
		instructions.push(made);
		if (node.site !== null) sites.set(made, node.site);
		byNode.set(node, made);
	}
	const results = outputs.map((node, i) =>
		node === null ? constant(values[i]!) : byNode.get(node)!,
	);
	return {
		program: { inputs: programInputs, instructions, outputs: results },
		valueOf: (node) => byNode.get(node)!,
		order: inOrder(nodes, made).map((node) => byNode.get(node) as Instruction),
		siteOf: (step) => sites.get(step)?.(),
	};
}

/** The applications of ops among nodes, in the order of their results. */
function inOrder(nodes: readonly Node[], made: readonly Tensor[]): Node[] {
	if (made.length === 0) return [];
	const places = new Map<Tensor, number>();
	for (const [i, x] of made.entries()) if (!places.has(x)) places.set(x, i);
	const placeOf = ({ value }: Node) => places.get(value) ?? made.length;
	return nodes.filter(({ op }) => op !== null).sort((a, b) => placeOf(a) - placeOf(b));
}
