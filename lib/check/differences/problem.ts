import { pushforward } from "../../autodiff/forward.ts";
import { linearizationOf } from "../../autodiff/linearization.ts";
import { pullback } from "../../autodiff/reverse.ts";
import { orZeros } from "../../autodiff/run.ts";
import { isFloat } from "../../core/dtype.ts";
import { GradientError } from "../../core/error.ts";
import { checkFunction } from "../../core/options.ts";
import type { Tensor } from "../../core/tensor.ts";
import { flatten } from "../../core/tree.ts";
import * as random from "../../random/index.ts";

/** Tensors in a row, as a checked function sees its arguments and results. */
export type TensorList = readonly Tensor[];

/** How a derivative is computed. */
export type Mode = "reverse" | "forward";

/** A function of float tensors whose derivative is to be checked at a point. */
export interface Problem {
	readonly f: (x: TensorList) => TensorList;
	readonly x: TensorList;
	/** What the arguments and the results are called. */
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	/** Of a derivative: the modes that made it, the first one first. */
	readonly made: readonly Mode[];
	/** The gradient that is checked, of a problem with one scalar result; null: the engine's own. */
	readonly gradient: ((x: TensorList) => TensorList) | null;
}

/**
 * A function of nested arguments as one of their float leaves; its other leaves, and arguments that
 * are no objects, are held fixed. Of its results the float tensors count.
 * @param choose the names of those float leaves that are moved, of all of them
 * @throws GradientError when there is no float tensor among the arguments or among the results
 */
export function problemOf(
	op: string,
	f: (...args: never[]) => unknown,
	args: readonly unknown[],
	choose: (names: readonly string[]) => readonly string[] = (all) => all,
): Problem {
	checkCall(op, f, args);
	const flat = args.map((arg, i) =>
		typeof arg === "object" && arg !== null ? flatten(op, arg, `args[${i}]`) : null,
	);
	const leaves = flat.flatMap((tree) => tree?.leaves ?? []);
	const names = flat.flatMap((tree, i) => tree?.paths.map((path) => `args[${i}]${path}`) ?? []);
	const moved = new Set(choose(names.filter((_, i) => isFloat(leaves[i]!.dtype))));
	const isMoved = names.map((name) => moved.has(name));
	const results = (x: TensorList) => {
		let next = 0;
		const full = leaves.map((leaf, i) => (isMoved[i] ? x[next++]! : leaf));
		const given = flat.map((tree, i) =>
			tree === null ? args[i] : tree.rebuild(full.splice(0, tree.leaves.length)),
		);
		const tree = flatten(op, f(...(given as never[])), "result");
		const kept = tree.leaves.map((leaf) => isFloat(leaf.dtype));
		return {
			leaves: tree.leaves.filter((_, i) => kept[i]),
			names: tree.paths.filter((_, i) => kept[i]).map((path) => `result${path}`),
		};
	};
	const x = leaves.filter((_, i) => isMoved[i]);
	if (x.length === 0)
		throw new GradientError(`${op}: there is no float tensor among the arguments`);
	const { names: outputs } = results(x);
	if (outputs.length === 0) {
		throw new GradientError(`${op}: there is no float tensor among the results`);
	}
	return {
		f: (at) => results(at).leaves,
		x,
		inputs: names.filter((_, i) => isMoved[i]),
		outputs,
		made: [],
		gradient: null,
	};
}

/**
 * The derivative of a problem as a problem of its own, of which the derivative is one order higher:
 * in reverse mode the gradient as a function of argument and cotangent, in forward mode the tangent
 * as one of argument and tangent.
 */
export function derivativeOf(
	{ f, x, inputs, outputs, made }: Problem,
	mode: Mode,
	key: Tensor,
): Problem {
	const n = x.length;
	if (mode === "forward") {
		return {
			f: (xv) => {
				const graph = linearizationOf(xv.slice(0, n), f);
				return orZeros(pushforward(graph, xv.slice(n)), graph.values);
			},
			x: [...x, ...randomLike(x, key)],
			inputs: [...inputs, ...inputs.map((name) => `the tangent of ${name}`)],
			outputs: outputs.map((name) => `the derivative of ${name}`),
			made: [...made, mode],
			gradient: null,
		};
	}
	return {
		f: (xu) => {
			const graph = linearizationOf(xu.slice(0, n), f);
			return orZeros(pullback(graph, xu.slice(n)), xu.slice(0, n));
		},
		x: [...x, ...randomLike(f(x), key)],
		inputs: [...inputs, ...outputs.map((name) => `the cotangent of ${name}`)],
		outputs: inputs.map((name) => `the gradient of ${name}`),
		made: [...made, mode],
		gradient: null,
	};
}

/** Random tensors of these shapes and dtypes, normally distributed. */
export function randomLike(like: TensorList, key: Tensor): Tensor[] {
	return like.map(({ shape, dtype }, i) => random.normal(random.foldIn(key, i), shape, { dtype }));
}

/**
 * @throws DomainError for what is no function
 * @throws GradientError for arguments that are not in an array
 */
export function checkCall(op: string, f: unknown, args: unknown): void {
	checkFunction(op, f);
	if (Array.isArray(args)) return;
	throw new GradientError(`${op}: expected the arguments in an array, as [x]`);
}
