import { DomainError } from "./error.ts";
import { Tensor } from "./tensor.ts";
import { DEEPEST, isPlainObject } from "./tree.ts";

/** Where something lies in a value. */
export type Path = readonly (string | number)[];

/** As JavaScript writes it: `.w[2]`. */
export function showPath(path: Path): string {
	return path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
}

/** Whether it is an array or object that may hold data, and holds nothing beside it. */
export function mayHoldData(x: object): boolean {
	return (isPlainArray(x) || isPlainObject(x)) && !hasSymbols(x);
}

/**
 * Checks that the parameters of an op are plain data.
 * @throws DomainError naming the op and what is none, and what to do instead
 */
export function checkParams(op: string, params: unknown): void {
	const other = otherIn(params, []);
	if (other !== null) throw noData(op, other.x, other.path);
}

/**
 * The first thing in a value that is no data, and the path to it, which is made only if there is
 * one.
 */
function otherIn(x: unknown, around: object[]): { x: unknown; path: (string | number)[] } | null {
	if (x === null || (typeof x !== "object" && typeof x !== "function" && typeof x !== "symbol")) {
		return null;
	}
	if (typeof x !== "object" || around.length > DEEPEST || around.includes(x) || !mayHoldData(x)) {
		return { x, path: [] };
	}
	around.push(x);
	for (const key of Array.isArray(x) ? x.keys() : Object.keys(x)) {
		const other = otherIn((x as Record<string | number, unknown>)[key], around);
		if (other === null) continue;
		other.path.unshift(key);
		return other;
	}
	around.pop();
	return null;
}

/** The refusal of what is no data in the parameters of an op. */
export function noData(op: string, x: unknown, path: Path): DomainError {
	const [what, instead] = described(x);
	return new DomainError(
		`${op}: expected parameters that are plain data (numbers, strings, booleans, null, and plain arrays and objects ` +
			`of these), got ${what} at params${showPath(path)}; ${instead}`,
	);
}

function described(x: unknown): [what: string, instead: string] {
	if (typeof x === "function") {
		return [
			"a function",
			"a function belongs to the op's record, or to customGradient together with its derivative",
		];
	}
	if (x instanceof Tensor) return ["a tensor", "a tensor is an argument of the op"];
	if (typeof x === "symbol") return ["a symbol", "a string can stand for it"];
	const instead = "write it as plain arrays and objects, or make it a tensor that is an argument";
	if (Array.isArray(x) || isPlainObject(x)) {
		return ["an array or object that contains itself, or has keys that are no data", instead];
	}
	return [`an object of class ${(x as object).constructor?.name || "without a name"}`, instead];
}

/** Whether it is an array of no class of its own, with elements and nothing else. */
function isPlainArray(x: object): x is unknown[] {
	if (!Array.isArray(x) || Object.getPrototypeOf(x) !== Array.prototype) return false;
	// Keys that are no indices come last.
	const last = Object.keys(x).at(-1);
	const index = Number(last);
	return last === undefined || (String(index >>> 0) === last && index < x.length);
}

/** Whether symbols are among the keys. */
function hasSymbols(x: object): boolean {
	const isEnumerable = Object.prototype.propertyIsEnumerable;
	return Object.getOwnPropertySymbols(x).some((symbol) => isEnumerable.call(x, symbol));
}
