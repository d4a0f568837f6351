import { GradientError } from "./error.ts";
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
 * Flattens nested plain objects and arrays of tensors; objects in the order of their keys as they were inserted.
 * @throws GradientError for anything in it that is not a tensor, naming the path.
 */
export function flatten<T>(op: string, tree: T, root: string): Flattened<T> {
	const leaves: Tensor[] = [];
	const paths: string[] = [];
	// Each visitor puts back together what it took apart, reading the new leaves in the same order.
	type Rebuild = (next: () => unknown) => unknown;
	const visit = (node: unknown, path: string): Rebuild => {
		if (node instanceof Tensor) {
			leaves.push(node);
			paths.push(path);
			return (next) => next();
		}
		if (Array.isArray(node)) {
			const items = node.map((item, i) => visit(item, `${path}[${i}]`));
			return (next) => items.map((item) => item(next));
		}
		if (isPlainObject(node)) {
			const entries = Object.entries(node).map(
				([key, item]) => [key, visit(item, `${path}.${key}`)] as const,
			);
			return (next) => Object.fromEntries(entries.map(([key, item]) => [key, item(next)]));
		}
		throw new GradientError(
			`${op}: expected tensors in plain objects and arrays, got ${describe(node)} at ${root}${path}; ` +
				"pass what is not differentiated as a further argument, and numbers as tensor(…)",
		);
	};
	const rebuild = visit(tree, "");
	return {
		leaves,
		paths,
		rebuild: <R = T>(given: readonly unknown[]): R => {
			let at = 0;
			return rebuild(() => given[at++]) as R;
		},
	};
}

function isPlainObject(x: unknown): x is Record<string, unknown> {
	if (typeof x !== "object" || x === null) return false;
	const prototype = Object.getPrototypeOf(x);
	return prototype === Object.prototype || prototype === null;
}

function describe(x: unknown): string {
	if (x instanceof Promise) return "a promise (a differentiated function cannot be async)";
	if (typeof x === "object" && x !== null) return `a ${x.constructor?.name ?? "object"}`;
	return typeof x === "number" ? `the number ${x}` : String(x);
}
