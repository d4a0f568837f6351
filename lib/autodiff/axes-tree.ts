import { ShapeError } from "../core/error.ts";
import { Tensor } from "../core/tensor.ts";
import { checkDepth, isPlainObject } from "../core/tree.ts";

/**
 * Along which axis the examples of a batch lie: a number, also from the end; null for what is the
 * same for all examples; or a structure of them, for parts of a structure of tensors.
 */
export type BatchAxes =
	| number
	| null
	| readonly BatchAxes[]
	| { readonly [key: string]: BatchAxes };

/** A tensor of a structure, with its axis and where it lies. */
export interface PlacedLeaf {
	readonly x: Tensor;
	readonly axis: number | null;
	readonly path: string;
}

/** The same structure around other tensors. */
export type Restore = (leaves: readonly Tensor[]) => unknown;

/** Takes the tensors out of a structure; what is no tensor stays. */
export function walk(
	tree: unknown,
	axes: BatchAxes,
	[root, option]: readonly [string, string],
	found: PlacedLeaf[],
): Restore {
	const visit = (node: unknown, at: BatchAxes, path: string, depth: number): Restore => {
		checkDepth("vmap", path, depth, ShapeError);
		const wrong = (what: string) =>
			new ShapeError(
				`vmap: expected \`${option}\` to have ${what} for ${path}, got ${JSON.stringify(at)}`,
			);
		const isAxis = at === null || typeof at === "number";
		if (node instanceof Tensor) {
			if (!isAxis || (at !== null && !Number.isInteger(at))) throw wrong("an axis, or null,");
			const place = found.push({ x: node, axis: at, path }) - 1;
			return (leaves) => leaves[place]!;
		}
		if (Array.isArray(node)) {
			if (!isAxis && !(Array.isArray(at) && at.length === node.length)) {
				throw wrong(`an axis, null, or an array of ${node.length}`);
			}
			const items = node.map((item, i) =>
				visit(item, isAxis ? at : (at as BatchAxes[])[i]!, `${path}[${i}]`, depth + 1),
			);
			return (leaves) => items.map((item) => item(leaves));
		}
		if (node instanceof Promise) {
			throw new ShapeError(
				`vmap: expected tensors in plain objects and arrays, got a promise at ${path} (the function cannot be async)`,
			);
		}
		if (!isPlainObject(node)) return () => node;
		if (!isAxis && !isPlainObject(at)) throw wrong("an axis, null, or an object");
		const inner = (key: string): BatchAxes => {
			if (isAxis) return at;
			if (!Object.hasOwn(at as object, key)) throw wrong(`an entry ${key}`);
			return (at as Record<string, BatchAxes>)[key]!;
		};
		const entries = Object.entries(node).map(
			([key, item]) => [key, visit(item, inner(key), `${path}.${key}`, depth + 1)] as const,
		);
		return (leaves) => Object.fromEntries(entries.map(([key, item]) => [key, item(leaves)]));
	};
	return visit(tree, axes, root, 0);
}
