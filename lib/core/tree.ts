import { type AdjointError, GradientError } from "./error.ts";
import { checkFunction, fromAnotherCopy } from "./options.ts";
import { Tensor } from "./tensor.ts";

/** Tensors in nested plain objects and arrays, flattened. */
export interface Flattened<T> {
	readonly leaves: readonly Tensor[];
	/** Where each leaf lies, as `.layers[0].w`; empty for a tree that is one tensor. */
	readonly paths: readonly string[];
	/** The same structure around other leaves, given in the same order. */
	readonly rebuild: <R = T>(leaves: readonly unknown[]) => R;
}

/**
 * Flattens nested plain objects and arrays of tensors; objects in the order of their keys as they
 * were inserted. Null and undefined inside are trees without tensors, such as a bias that a layer
 * does not have; undefined in place of the whole tree is something that was forgotten.
 * @throws GradientError for anything else in it that is not a tensor, naming the path.
 */
export function flatten<T>(op: string, tree: T, root: string): Flattened<T> {
	// By far the most frequent tree.
	if (tree instanceof Tensor) {
		return { leaves: [tree], paths: [""], rebuild: <R = T>([x]: readonly unknown[]) => x as R };
	}
	const leaves: Tensor[] = [];
	const paths: string[] = [];
	// Each visitor puts back together what it took apart, reading the new leaves in the same order.
	type Rebuild = (next: () => unknown) => unknown;
	const visit = (node: unknown, path: string, depth: number): Rebuild => {
		checkDepth(op, `${root}${path}`, depth, GradientError);
		if (node instanceof Tensor) {
			leaves.push(node);
			paths.push(path);
			return (next) => next();
		}
		if (node === null || (node === undefined && depth > 0)) return () => node;
		if (Array.isArray(node)) {
			const items = Array.from(node, (item, i) => visit(item, `${path}[${i}]`, depth + 1));
			return (next) => items.map((item) => item(next));
		}
		if (isPlainObject(node)) {
			const entries = Object.entries(node).map(
				([key, item]) => [key, visit(item, `${path}.${key}`, depth + 1)] as const,
			);
			return (next) => Object.fromEntries(entries.map(([key, item]) => [key, item(next)]));
		}
		throw new GradientError(
			`${op}: expected tensors in plain objects and arrays, got ${describe(node)} at ${root}${path}; ` +
				"write numbers as tensor(…), and pass what is no tensor as a further argument, or close over it",
		);
	};
	const rebuild = visit(tree, "", 0);
	return {
		leaves,
		paths,
		rebuild: <R = T>(given: readonly unknown[]): R => {
			let at = 0;
			return rebuild(() => given[at++]) as R;
		},
	};
}

/** No honest tree has more objects and arrays inside of each other. */
export const DEEPEST = 1000;

/**
 * Checks how deep in a tree a node lies: a tree that contains itself has no end.
 * @throws an error of the given class where it lies too deep
 */
export function checkDepth(
	op: string,
	path: string,
	depth: number,
	Type: new (message: string) => AdjointError,
): void {
	if (depth <= DEEPEST) return;
	throw new Type(
		`${op}: expected objects and arrays at most ${DEEPEST} deep in each other, got more at ${path.slice(0, 60)}…; ` +
			"one may contain itself",
	);
}

/**
 * The leaves of a tree in the order of another one of the same structure: each is found by its
 * path, so objects may have their keys in another order.
 * @throws GradientError when the structures differ
 */
export function leavesLike(
	op: string,
	role: string,
	tree: unknown,
	like: Flattened<unknown>,
): readonly Tensor[] {
	const { leaves, paths } = flatten(op, tree, role);
	const byPath = new Map(paths.map((path, i) => [path, leaves[i]!]));
	if (paths.length !== like.paths.length || !like.paths.every((path) => byPath.has(path))) {
		throw new GradientError(
			`${op}: expected the ${role} to be ${structure(like.paths)}, got ${structure(paths)}`,
		);
	}
	return like.paths.map((path) => byPath.get(path)!);
}

function structure(paths: readonly string[]): string {
	if (paths.length === 0) return "a structure without tensors";
	return paths.length === 1 && paths[0] === ""
		? "one tensor"
		: `the structure {${paths.join(", ")}}`;
}

/** The tensors of a nested plain object or array, objects in the order of their keys. */
export function treeLeaves(tree: unknown): readonly Tensor[] {
	return flatten("treeLeaves", tree, "tree").leaves;
}

/**
 * The same structure around the results of a function: `mapTree((x) => x.astype("float32"),
 * params)`. With further trees of the same structure the function is given the leaves that have the
 * same place in all of them: `mapTree((w, g) => w.sub(g.mul(0.1)), params, gradient)`.
 * @throws GradientError when the structures differ
 */
export function mapTree<T>(
	f: (x: Tensor, ...others: Tensor[]) => Tensor,
	tree: T,
	...others: T[]
): T {
	checkFunction("mapTree", f);
	const flat = flatten("mapTree", tree, "tree");
	const rest = others.map((other, i) => leavesLike("mapTree", `tree ${i + 2}`, other, flat));
	return flat.rebuild(flat.leaves.map((x, at) => f(x, ...rest.map((leaves) => leaves[at]!))));
}

/** Whether it is an object made by braces, and so part of a tree. */
export function isPlainObject(x: unknown): x is Record<string, unknown> {
	if (typeof x !== "object" || x === null) return false;
	const prototype = Object.getPrototypeOf(x);
	return prototype === Object.prototype || prototype === null;
}

function describe(x: unknown): string {
	const other = fromAnotherCopy(x);
	if (other !== null) return other;
	if (x instanceof Promise) return "a promise (the function cannot be async)";
	if (typeof x === "object" && x !== null) return `a ${x.constructor?.name || "nameless object"}`;
	return typeof x === "number" ? `the number ${x}` : String(x);
}
