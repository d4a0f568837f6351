import { TraceError } from "../core/error.ts";
import { fromAnotherCopy } from "../core/options.ts";
import { type Path, showPath } from "../core/plain-data.ts";
import { Tensor } from "../core/tensor.ts";
import { isPlainObject } from "../core/tree.ts";
import { structureKey, structureKeys } from "../program/structure-key.ts";

/**
 * What a program is made for and given: tensors, and all else as a key that is the same for values
 * of the same form.
 */
export interface Parts {
	readonly tensors: readonly Tensor[];
	/** Structure, shapes and dtypes, and the values of what is not a tensor. */
	readonly key: string;
}

/**
 * Takes the arguments of a call apart: nested plain objects and arrays. Tensors are what a program
 * computes with; numbers, bigints, booleans, strings, null and undefined belong to the form.
 * @throws TraceError for anything else in them
 */
export function argumentParts(args: readonly unknown[]): Parts {
	const tensors: Tensor[] = [];
	return { tensors, key: structureKeys(args, collecting(tensors, "arguments")) };
}

/**
 * The tensors of a result, as those of arguments.
 * @throws TraceError as `argumentParts`
 */
export function tensorsOf(result: unknown): readonly Tensor[] {
	const tensors: Tensor[] = [];
	structureKey(result, collecting(tensors, "result"));
	return tensors;
}

/** Puts each tensor that it meets into the list, and says its type. */
function collecting(tensors: Tensor[], role: string) {
	return (x: unknown, path: Path): string => {
		if (!(x instanceof Tensor)) throw unknown(x, role, path);
		tensors.push(x);
		let text = `${x.dtype}(`;
		for (const size of x.shape) text += `${size},`;
		return `${text})`;
	};
}

/** Puts a value together again around other tensors, given in the same order. */
export type Rebuild = (tensors: readonly Tensor[]) => unknown;

/**
 * How a value that was taken apart is put together again. It does not keep the tensors that the
 * value has.
 */
export function rebuildingOf(value: unknown): Rebuild {
	// Each visitor puts back together what it took apart, reading the new tensors in the same order.
	const visit = (node: unknown): ((next: () => Tensor) => unknown) => {
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
	return new TraceError(
		"compile: expected tensors, numbers, booleans and strings in plain objects and arrays, " +
			`got ${describe(x)} at ${role}${showPath(path)}; let the function close over what does not change`,
	);
}

function describe(x: unknown): string {
	if (x instanceof Promise) return "a promise (a compiled function cannot be async)";
	if (isPlainObject(x))
		return "an object that contains itself, lies too deep or has symbols as keys";
	if (Array.isArray(x) && x.constructor === Array) {
		return "an array that contains itself, lies too deep or has more than elements";
	}
	const other = fromAnotherCopy(x);
	if (other !== null) return other;
	if (typeof x === "object") return `a ${x!.constructor?.name || "nameless object"}`;
	return `a ${typeof x}`;
}
