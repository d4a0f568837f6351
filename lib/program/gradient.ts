import { type Linearization, linearizationOf } from "../autodiff/linearization.ts";
import { pullback } from "../autodiff/reverse.ts";
import { checkFloat, orZeros } from "../autodiff/run.ts";
import { isFloat } from "../core/dtype.ts";
import { GradientError } from "../core/error.ts";
import { whileNaming } from "../core/labelled.ts";
import { broadcastNumber } from "../core/lift.ts";
import { showShape } from "../core/shape.ts";
import { type Node, withoutClosed } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { flatten } from "../core/tree.ts";
import { type Merged, withEqualsMerged } from "./equal-values.ts";
import { constantOf, type Program, type Value } from "./program.ts";
import type { Tidying } from "./tidy.ts";
import type { Traced } from "./trace.ts";

/** What one linear map contributed to a gradient. */
export interface Share {
	/** The application of the op whose map it is. */
	readonly consumer: Value;
	readonly argument: number;
	readonly map: string;
	/** The function that was called as a whole and has the map; null where it is the map of an op. */
	readonly call: string | null;
	/** The argument, whose gradient it is a share in. */
	readonly parent: Value;
}

/** A scalar function and its gradient as one program, and which value is the gradient of which. */
export interface GradientProgram {
	/** Gives the result, then the gradients. */
	readonly program: Program;
	/**
	 * For each value of the forward pass on the way to the result, its gradient; in the order in
	 * which they come about.
	 */
	readonly gradients: readonly (readonly [of: Value, gradient: Value])[];
	readonly shares: readonly Share[];
	/** The instructions in the order in which the function applied them. */
	readonly order: readonly Value[];
	/** What layers call their values; of two names for one value the last is the outer layer's. */
	readonly named: readonly (readonly [value: Value, name: string])[];
}

/**
 * A function with its arguments flattened: the first `differentiated` tensors are those of the
 * first argument.
 */
export interface FlatFunction {
	readonly leaves: readonly Tensor[];
	readonly differentiated: number;
	readonly call: (leaves: readonly Tensor[]) => unknown;
}

/** A scalar function run forward and backward on tensors that may be watched from outside. */
export interface Differentiated extends Told {
	readonly loss: Tensor;
	readonly gradients: readonly Tensor[];
}

/** What a run backward tells of its nodes. */
export interface Told {
	/** Each node's complete gradient. */
	readonly complete: readonly (readonly [Node, Tensor])[];
	readonly shares: readonly { node: Node; argument: number; map: string }[];
}

/**
 * Runs the function and pulls 1 back from its result.
 * @param prepare what is done with the graph before it is run backward; left out: nothing
 * @throws GradientError when the result is not a float scalar or a leaf of the first argument is
 * not float
 */
export function differentiate(
	{ differentiated, call }: FlatFunction,
	leaves: readonly Tensor[],
	prepare: (graph: Linearization) => Linearization = (graph) => graph,
): Differentiated {
	const inputs = leaves.slice(0, differentiated);
	const graph = prepare(
		linearizationOf(inputs, (tracked) => [
			scalarOf(call([...tracked, ...leaves.slice(differentiated)])),
		]),
	);
	const loss = graph.values[0]!;
	const complete: [Node, Tensor][] = [];
	const shares: { node: Node; argument: number; map: string }[] = [];
	const gradients = pullback(graph, [broadcastNumber("derive", 1, loss.dtype, [])], {
		complete: (node, g) => complete.push([node, g]),
		share: (node, argument, map) => shares.push({ node, argument, map: map.name }),
	});
	return { loss, gradients: orZeros(gradients, inputs), complete, shares };
}

function scalarOf(result: unknown): Tensor {
	const { leaves, paths } = flatten("derive", result, "result");
	const [loss] = leaves;
	if (loss !== undefined && paths[0] === "" && loss.rank === 0 && isFloat(loss.dtype)) return loss;
	const got =
		paths[0] === "" && loss !== undefined
			? `${loss.dtype} ${showShape(loss.shape)}`
			: `a structure {${paths.join(", ")}}`;
	throw new GradientError(
		`derive: expected a float scalar result, got ${got}; reduce it with sum() or mean()`,
	);
}

/**
 * Records a function and its gradient as a program. What the function computes twice has one
 * gradient, of all that it is used for.
 * @param trace `trace` to record without values, `traceAt` to record at the values of the leaves
 * @param tidy what will be done with the program: what it makes one value of is one
 */
export function gradientProgram(
	flat: FlatFunction,
	trace: (
		inputs: readonly Tensor[],
		f: (inputs: readonly Tensor[]) => readonly Tensor[],
		how: { readonly made: Tensor[] },
	) => Traced,
	tidy: Tidying,
): GradientProgram {
	let made!: Differentiated;
	let merged!: Merged;
	let told: [Tensor, string][] = [];
	const run = (leaves: readonly Tensor[]) => {
		made = whileNaming(told, () =>
			differentiate(flat, leaves, (graph) => {
				merged = withEqualsMerged(graph, leaves, tidy);
				return merged.graph;
			}),
		);
		// As they are on the tape of the trace, which is open until this returns.
		told = told.map(([x, name]) => [withoutClosed(x), name]);
		return [made.loss, ...made.gradients];
	};
	const traced = trace(flat.leaves, run, { made: [] });
	const { gradients, shares } = tracedGradients(knownIn(traced), merged, made);
	const named = namedIn(traced, told);
	return { program: traced.program, gradients, shares, order: traced.order, named };
}

/**
 * The values of a trace that were named. What is on no tape may have none: a compiled function was
 * called, and recorded for itself.
 */
export function namedIn(
	traced: Traced,
	told: readonly (readonly [Tensor, string])[],
): [Value, string][] {
	return told.flatMap(([x, name]): [Value, string][] => {
		const value = x.node === null ? undefined : knownIn(traced)(x);
		return value === undefined ? [] : [[value, name]];
	});
}

/** The value that a tensor of a trace is, or of one that is none of it. */
export function knownIn(traced: Traced): (x: Tensor) => Value | undefined {
	return (x) => (x.node === null ? constantOf(x) : traced.valueOf(x.node));
}

/** What a run backward told of its nodes, in terms of the program that was traced. */
export function tracedGradients(
	known: (x: Tensor) => Value | undefined,
	{ equals }: Merged,
	{ complete, shares }: Told,
): Omit<GradientProgram, "program" | "order" | "named"> {
	const gradients = complete.flatMap(([node, g]) => {
		const gradient = known(g);
		return equals.get(node)!.flatMap(({ value }): [Value, Value][] => {
			const of = known(value);
			return of === undefined || gradient === undefined ? [] : [[of, gradient]];
		});
	});
	const found = shares.flatMap(({ node, argument, map }): Share[] => {
		const [consumer, parent] = [known(node.value), known(node.parents[argument]!.value)];
		return consumer === undefined || parent === undefined
			? []
			: [{ consumer, argument, map, call: node.op?.traits?.call ?? null, parent }];
	});
	return { gradients, shares: found };
}

/**
 * The arguments of a function, flattened. The first is differentiated; further ones are trees of
 * tensors, or anything without tensors, which is passed on as it is.
 * @throws GradientError when a leaf of the first argument is not float
 */
export function flattenArguments(
	f: (...args: never[]) => unknown,
	args: readonly unknown[],
	names: readonly string[],
): FlatFunction & { readonly paths: readonly (readonly [argument: string, path: string])[] } {
	const trees = args.map((arg, i) =>
		i > 0 && isStatic(arg) ? null : flatten("derive", arg, names[i]!),
	);
	if (trees[0] == null) throw new GradientError("derive: expected at least one argument, got none");
	checkFloat("derive", names[0]!, trees[0]);
	return {
		leaves: trees.flatMap((tree) => tree?.leaves ?? []),
		differentiated: trees[0].leaves.length,
		call: (leaves) => {
			let at = 0;
			const rebuilt = trees.map((tree, i) => {
				if (tree === null) return args[i];
				at += tree.leaves.length;
				return tree.rebuild(leaves.slice(at - tree.leaves.length, at));
			});
			return (f as (...args: unknown[]) => unknown)(...rebuilt);
		},
		paths: trees.flatMap((tree, i) =>
			(tree?.paths ?? []).map((path): [string, string] => [names[i]!, path]),
		),
	};
}

function isStatic(x: unknown): boolean {
	return x === null || ["number", "boolean", "string", "undefined", "function"].includes(typeof x);
}
