import { pushforward } from "../autodiff/forward.ts";
import { type Linearization, linearizationOf } from "../autodiff/linearization.ts";
import { pullback } from "../autodiff/reverse.ts";
import { orZeros } from "../autodiff/run.ts";
import { type LinearMap, linearMap, type Placed } from "../core/linear-map.ts";
import { apply, type Op } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { outside } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add } from "../ops/arithmetic.ts";
import { readProgram } from "../program/interpret.ts";
import type { Instruction, Program } from "../program/program.ts";
import { trace } from "../program/trace.ts";
import { movingValues } from "./varying.ts";

type Vector = readonly Tensor[];

/** Those of a list that are marked. */
export function marked<T>(list: readonly T[], marks: readonly boolean[]): T[] {
	return list.filter((_, i) => marks[i]);
}

/** A list with the values, in order, at the marks, and null elsewhere. */
export function spread<T>(values: readonly T[], marks: readonly boolean[]): (T | null)[] {
	let at = 0;
	return marks.map((mark) => (mark ? values[at++]! : null));
}

/**
 * A program and its derivative forward as one: it takes the arguments and a tangent of each that
 * varies, and gives the results and the tangents of those that vary.
 */
export function tangentProgram(
	body: Program,
	varies: readonly boolean[],
	outputs: readonly boolean[],
): Program {
	const n = body.inputs.length;
	const types = [...body.inputs, ...marked(body.inputs, varies)].map(({ type }) => type);
	return trace(types, (args) => {
		const graph = stepGraph(body, args.slice(0, n), varies);
		const tangents = pushforward(graph, args.slice(n));
		return [...graph.values, ...marked(orZeros(tangents, graph.values), outputs)];
	}).program;
}

/**
 * A program and its derivative backward as one: it takes the arguments and a cotangent of each
 * result that varies, and gives the results and the cotangents of the arguments that vary.
 */
export function cotangentProgram(
	body: Program,
	varies: readonly boolean[],
	outputs: readonly boolean[],
): Program {
	const n = body.inputs.length;
	const types = [...body.inputs, ...marked(body.outputs, outputs)].map(({ type }) => type);
	return trace(types, (args) => {
		const inputs = args.slice(0, n);
		const graph = stepGraph(body, inputs, varies);
		const cotangents = pullback(graph, spread(args.slice(n), outputs));
		return [...graph.values, ...orZeros(cotangents, marked(inputs, varies))];
	}).program;
}

/**
 * The graph of a program at these arguments, by those that vary.
 * @param seen is told of each instruction what it gives
 */
export function stepGraph(
	body: Program,
	args: Vector,
	varies: readonly boolean[],
	seen?: (step: Instruction, x: Tensor) => void,
): Linearization {
	const moving = movingValues(body);
	return linearizationOf(marked(args, varies), (tracked) => {
		const inputs = spread(tracked, varies).map((x, i) => x ?? args[i]!);
		const tape = tracked[0]?.node?.tape;
		// What no derivative goes through need keep nothing for one.
		const given = (x: Tensor) => (tape === undefined ? x : outside(tape, x));
		const tensorOf = readProgram<Tensor>(body, inputs, {
			constant: ({ tensor }) => tensor,
			apply: (step, x) => {
				const out = apply(step.op, moving.has(step) ? x : x.map(given), step.params);
				seen?.(step, out);
				return out;
			},
		});
		return body.outputs.map(tensorOf);
	});
}

/** The derivative of an op at a point, for all of its arguments together. */
export interface JointDerivative {
	readonly varies: readonly boolean[];
	/** Of a tangent of each argument, where null stands for zero, that of the result. */
	readonly push: (tangents: readonly (Tensor | null)[]) => Tensor;
	/** Of a cotangent of the result, those of the arguments; null for what does not vary. */
	readonly pull: (g: Tensor) => readonly (Tensor | null)[];
}

/**
 * The differential of an op whose arguments share one loop: tangents of several arguments are taken
 * forward together, and one run backward gives the cotangents of all.
 */
export function jointly<P extends Data>(
	name: string,
	at: (inputs: Vector, out: Tensor, params: P) => JointDerivative,
): Op<string, P>["differential"] {
	// By the arguments of one application, which are one list.
	const known = new WeakMap<Vector, readonly (LinearMap | null)[]>();
	return (i, inputs, out, params) => {
		let maps = known.get(inputs);
		if (maps === undefined) {
			maps = mapsOf(name, at(inputs, out, params));
			known.set(inputs, maps);
		}
		return maps[i]!;
	};
}

function mapsOf(name: string, { varies, push, pull }: JointDerivative): (LinearMap | null)[] {
	const sum = (terms: readonly Placed<number>[]) => {
		const tangents: (Tensor | null)[] = varies.map(() => null);
		for (const { x, at } of terms) {
			const before = tangents[at]!;
			tangents[at] = before === null ? x : add(before, x);
		}
		return push(tangents);
	};
	const pulled = new WeakMap<Tensor, readonly (Tensor | null)[]>();
	const back = (g: Tensor) => {
		const all = pulled.get(g) ?? pull(g);
		pulled.set(g, all);
		return all;
	};
	return varies.map((does, at) => {
		if (!does) return null;
		const map = (x: Tensor) => sum([{ x, at }]);
		return linearMap(name, map, (g) => back(g)[at]!, { map: { sum, at } });
	});
}
