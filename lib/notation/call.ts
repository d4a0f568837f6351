import { Tensor } from "../core/tensor.ts";
import { isNumeral } from "./embed.ts";

/**
 * A value of an op's parameters as JavaScript writes it: `[0, 1]`, `{ keepDims: true }`, `"int32"`.
 */
export function literal(value: unknown): string {
	if (typeof value === "string") return JSON.stringify(value);
	if (typeof value === "bigint") return `${value}n`;
	if (Object.is(value, -0)) return "-0";
	if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
	if (typeof value !== "object" || value === null) return String(value);
	const entries = Object.entries(value).filter(([, each]) => each !== undefined);
	return `{ ${entries.map(([key, each]) => `${keyText(key)}: ${literal(each)}`).join(", ")} }`;
}

/** A key as it stands in an object; `__proto__` without brackets would be the prototype. */
function keyText(key: string): string {
	if (key === "__proto__") return '["__proto__"]';
	return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : JSON.stringify(key);
}

/**
 * The call of a public function, as a method of its first argument where tensors have it, with the
 * values that come after the arguments: `x.take(indices, 0)`. Values left undefined at the end are
 * left out; a number has no methods, so it goes to a function.
 */
export function call(name: string, args: readonly string[], ...values: unknown[]): string {
	const [first, ...rest] = args;
	if (isNumeral(first!) || !(name in Tensor.prototype)) return functionCall(name, args, ...values);
	return `${first}.${functionCall(name, rest, ...values)}`;
}

/** The call of a function that is no method: `untake(g, indices, 0, 5)`. */
export function functionCall(name: string, args: readonly string[], ...values: unknown[]): string {
	const given = values.slice(0, values.findLastIndex((value) => value !== undefined) + 1);
	return `${name}(${[...args, ...given.map(literal)].join(", ")})`;
}
