import { TraceError } from "../error.ts";
import { type Path, structureKey } from "../program/structure-key.ts";
import { Tensor } from "../tensor.ts";
import { isPlainObject } from "../tree.ts";

/** A value taken apart: its tensors, and everything else as a key that is the same for values of the same form. */
export interface Parts {
	readonly tensors: readonly Tensor[];
	/** Structure, shapes and dtypes, and the values of what is not a tensor. */
	readonly key: string;
	/** The value around other tensors, given in the same order. */
	readonly rebuild: (tensors: readonly Tensor[]) => unknown;
}

/**
 * Takes nested plain objects and arrays apart. Tensors are what a program computes with; numbers, bigints, booleans, strings,
 * null and undefined belong to the form.
 * @param role what errors call the value
 * @throws TraceError for anything else in it
 */
export function takeApart(role: string, value: unknown): Parts {
	const tensors: Tensor[] = [];
	const key = structureKey(value, (x, path) => {
		if (!(x instanceof Tensor)) throw unknown(x, role, path);
		tensors.push(x);
		return `${x.dtype}(${x.shape.join()})`;
	});
	return { tensors, key, rebuild: around(value) };
}

/** Puts a value together again around other tensors. It does not keep those that the value has. */
function around(value: unknown): Parts["rebuild"] {
	// Each visitor puts back together what it took apart, reading the new tensors in the same order.
	type Rebuild = (next: () => Tensor) => unknown;
	const visit = (node: unknown): Rebuild => {
		if (node instanceof Tensor) return (next) => next();
		if (Array.isArray(node)) {
			const items = node.map(visit);
			return (next) => items.map((item) => item(next));
		}
		if (isPlainObject(node)) {
			const entries = Object.entries(node).map(([name, item]) => [name, visit(item)] as const);
			return (next) => Object.fromEntries(entries.map(([name, item]) => [name, item(next)]));
		}
		return () => node;
	};
	const rebuild = visit(value);
	return (given) => {
		let at = 0;
		return rebuild(() => given[at++]!);
	};
}

function unknown(x: unknown, role: string, path: Path): TraceError {
	const place = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
	return new TraceError(
		"compile: expected tensors, numbers, booleans and strings in plain objects and arrays, " +
			`got ${describe(x)} at ${role}${place}; let the function close over what does not change`,
	);
}

function describe(x: unknown): string {
	if (x instanceof Promise) return "a promise (a compiled function cannot be async)";
	if (isPlainObject(x))
		return "an object that contains itself, lies too deep or has symbols as keys";
	if (Array.isArray(x) && x.constructor === Array) {
		return "an array that contains itself, lies too deep or has more than elements";
	}
	if (typeof x === "object") return `a ${x!.constructor?.name || "nameless object"}`;
	return `a ${typeof x}`;
}
