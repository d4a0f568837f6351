import { pullback } from "../autodiff/reverse.ts";
import { orZeros } from "../autodiff/run.ts";
import { type Node, withoutClosed } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Merged, withEqualsMerged } from "../program/equal-values.ts";
import { type GradientProgram, knownIn, namedIn, tracedGradients } from "../program/gradient.ts";
import type { Program, Value } from "../program/program.ts";
import type { Tidying } from "../program/tidy.ts";
import { trace } from "../program/trace.ts";
import { marked, spread, stepGraph } from "./derivatives.ts";
import { layerNameOf } from "./loop-origins.ts";

/**
 * A step and its derivative backward as one program, and which value is the gradient of which: it
 * takes the arguments and a cotangent of each result that varies, and gives the results and the
 * cotangents of the arguments that vary.
 */
export function stepGradient(
	body: Program,
	varies: readonly boolean[],
	outputs: readonly boolean[],
	tidy: Tidying,
): GradientProgram {
	const n = body.inputs.length;
	const complete: [Node, Tensor][] = [];
	const shares: { node: Node; argument: number; map: string }[] = [];
	let merged!: Merged;
	let told: [Tensor, string][] = [];
	const types = [...body.inputs, ...marked(body.outputs, outputs)].map(({ type }) => type);
	const run = (args: readonly Tensor[]) => {
		const inputs = args.slice(0, n);
		const graph = stepGraph(body, inputs, varies, (value, x) => {
			const name = layerNameOf(value);
			if (name !== undefined) told.push([x, name]);
		});
		told = told.map(([x, name]) => [withoutClosed(x), name]);
		merged = withEqualsMerged(graph, args, tidy);
		const cotangents = pullback(merged.graph, spread(args.slice(n), outputs), {
			complete: (node, g) => complete.push([node, g]),
			share: (node, argument, { name }) => shares.push({ node, argument, map: name }),
		});
		return [...graph.values, ...orZeros(cotangents, marked(inputs, varies))];
	};
	const traced = trace(types, run, { made: [] });
	return {
		program: traced.program,
		...tracedGradients(knownIn(traced), merged, { complete, shares }),
		order: traced.order,
		named: [
			...namedValues(body.inputs, (i) => traced.program.inputs[i]!),
			...namedIn(traced, told),
		],
	};
}

/** A step without a derivative, in the same form. */
export function plainStep(program: Program): GradientProgram {
	const { inputs, instructions } = program;
	const all = [...inputs, ...instructions];
	const named = namedValues(all, (i) => all[i]!);
	return { program, gradients: [], shares: [], order: instructions, named };
}

/** Those of the values of a step that have names, and what each is now. */
function namedValues(
	values: readonly Value[],
	now: (place: number) => Value,
): (readonly [Value, string])[] {
	return values.flatMap((value, i): [Value, string][] => {
		const name = layerNameOf(value);
		return name === undefined ? [] : [[now(i), name]];
	});
}
