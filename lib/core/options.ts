import { type ArgumentKind, callable, whole } from "./argument-kinds.ts";
import { DomainError } from "./error.ts";
import { showShape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** For each option that a call takes, what it may be: of a kind, or one of some words. */
export type OptionKinds<O> = { readonly [K in keyof O]-?: ArgumentKind | readonly string[] };

/**
 * Checks an argument.
 * @throws DomainError naming the call, the argument and what it may be
 */
export function checkArgument(op: string, name: string, x: unknown, kind: ArgumentKind): void {
	if (kind.holds(x)) return;
	const role = name === "" ? "" : `${name} to be `;
	const { expected, error: Type = DomainError } = kind;
	throw new Type(`${op}: expected ${role}${expected}, got ${describe(x)}`);
}

/**
 * Refuses what a call does not take, lest it seem to do something: `squeeze(x, 0, 1)`. What is
 * undefined counts as left out.
 * @param way what to write instead
 * @throws DomainError when there is anything
 */
export function checkNoMore(op: string, more: readonly unknown[], way: string): void {
	if (more.length === 0) return;
	const given = more.filter((x) => x !== undefined).map(describe);
	if (given.length === 0) return;
	throw new DomainError(`${op}: expected nothing more, got ${given.join(", ")}; ${way}`);
}

/**
 * Checks sizes, by name.
 * @throws DomainError for what is not a whole number from 0
 */
export function checkSizes(op: string, sizes: Readonly<Record<string, unknown>>): void {
	for (const [name, size] of Object.entries(sizes)) checkArgument(op, name, size, whole);
}

/**
 * Checks that there is a function to work on.
 * @throws DomainError for anything else
 */
export function checkFunction(op: string, f: unknown): void {
	checkArgument(op, "", f, callable);
}

/**
 * Checks the options of a call: that it takes each, and that each is what it may be. What is
 * undefined counts as left out.
 * @param required those that have to be there
 * @returns the options
 * @throws DomainError naming the call, the option and what it may be
 */
export function checkOptions<O extends object>(
	op: string,
	given: O | undefined,
	kinds: OptionKinds<O>,
	required: readonly (keyof O & string)[] = [],
): O {
	if (given === undefined && required.length === 0) return {} as O;
	if (typeof given !== "object" || given === null || !isBag(given)) {
		const names = Object.keys(kinds).join(", ");
		throw new DomainError(
			`${op}: expected options as an object, { ${names} }, got ${describe(given)}`,
		);
	}
	for (const [name, x] of Object.entries(given)) {
		if (x === undefined) continue;
		const kind = Object.hasOwn(kinds, name) ? kinds[name as keyof O] : undefined;
		if (kind === undefined) {
			const names = Object.keys(kinds).join(", ");
			throw new DomainError(`${op}: there is no option ${name}; expected one of ${names}`);
		}
		checkArgument(op, name, x, kindOf(kind));
	}
	for (const name of required) {
		if (given[name] === undefined) checkArgument(op, name, undefined, kindOf(kinds[name]));
	}
	return given;
}

/** Neither a list nor a tensor, which would be taken for options without any. */
function isBag(x: object): boolean {
	return !(Array.isArray(x) || isTensor(x));
}

function kindOf(kind: ArgumentKind | readonly string[]): ArgumentKind {
	if ("holds" in kind) return kind;
	return {
		expected: kind.map((word) => JSON.stringify(word)).join(" or "),
		holds: (x) => kind.includes(x as string),
	};
}

/** By what it has: the class would come along into programs that have no tensors, such as plots. */
export function isTensor(x: unknown): x is Tensor {
	return typeof x === "object" && x !== null && "dtype" in x && "storage" in x;
}

/** A tensor whose class is not ours: the library is loaded twice. Null for anything else. */
export function fromAnotherCopy(x: unknown): string | null {
	return isTensor(x) ? "a tensor of another copy of adjoint (import all from one of them)" : null;
}

/** Any value, in a few words. */
export function describe(x: unknown): string {
	if (isTensor(x)) {
		const way = x.size === 1 ? "; its number is x.item()" : "";
		return `a tensor, ${x.dtype} ${showShape(x.shape)}${way}`;
	}
	if (x instanceof Promise) return "a promise";
	if (Array.isArray(x)) return x.length === 0 ? "an empty array" : "an array";
	if (typeof x === "function") return "a function";
	if (typeof x === "string") return JSON.stringify(x);
	if (ArrayBuffer.isView(x) || x instanceof ArrayBuffer) {
		const { name } = x.constructor;
		return `${/^[AI]/.test(name) ? "an" : "a"} ${name}`;
	}
	if (typeof x === "object" && x !== null) return "an object";
	return String(x);
}
