import { TraceError } from "../error.ts";
import { Tensor } from "../tensor.ts";
import { checkDepth, isPlainObject } from "../tree.ts";

/** A value taken apart: its tensors, and everything else as a key that is the same for values of the same form. */
export interface Parts {
	readonly tensors: readonly Tensor[];
	/** Structure, shapes and dtypes, and the values of what is not a tensor. */
	readonly key: string;
	/** The value around other tensors, given in the same order. */
	readonly rebuild: (tensors: readonly Tensor[]) => unknown;
}

/**
 * Takes nested plain objects and arrays apart. Tensors are what a program computes with; numbers, booleans, strings, null and
 * undefined belong to the form.
 * @param role what errors call the value
 * @throws TraceError for anything else in it
 */
export function takeApart(role: string, value: unknown): Parts {
	const tensors: Tensor[] = [];
	let key = "";
	// Each visitor puts back together what it took apart, reading the new tensors in the same order.
	type Rebuild = (next: () => Tensor) => unknown;
	const visit = (node: unknown, path: string, depth: number): Rebuild => {
		checkDepth("compile", `${role}${path}`, depth, TraceError);
		if (node instanceof Tensor) {
			tensors.push(node);
			key += `${node.dtype}(${node.shape.join()})`;
			return (next) => next();
		}
		if (Array.isArray(node)) {
			key += "[";
			const items = Array.from(node, (item, i) => {
				const rebuild = visit(item, `${path}[${i}]`, depth + 1);
				key += ",";
				return rebuild;
			});
			key += "]";
			return (next) => items.map((item) => item(next));
		}
		if (isStatic(node)) {
			key += Object.is(node, -0) ? "-0" : typeof node === "string" ? JSON.stringify(node) : node;
			return () => node;
		}
		if (isPlainObject(node)) {
			key += "{";
			const entries = Object.entries(node).map(([name, item]) => {
				key += `${JSON.stringify(name)}:`;
				const rebuild = visit(item, `${path}.${name}`, depth + 1);
				key += ",";
				return [name, rebuild] as const;
			});
			key += "}";
			return (next) => Object.fromEntries(entries.map(([name, item]) => [name, item(next)]));
		}
		throw new TraceError(
			`compile: expected tensors, numbers, booleans and strings in plain objects and arrays, got ${describe(node)} at ` +
				`${role}${path}; let the function close over what does not change`,
		);
	};
	const rebuild = visit(value, "", 0);
	return {
		tensors,
		key,
		rebuild: (given) => {
			let at = 0;
			return rebuild(() => given[at++]!);
		},
	};
}

function isStatic(x: unknown): x is number | boolean | string | null | undefined {
	return x === null || ["number", "boolean", "string", "undefined"].includes(typeof x);
}

function describe(x: unknown): string {
	if (x instanceof Promise) return "a promise (a compiled function cannot be async)";
	if (typeof x === "object") return `a ${x!.constructor?.name || "nameless object"}`;
	return `a ${typeof x}`;
}
