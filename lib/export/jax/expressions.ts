import type { Application, LineExpression } from "../../derivation/draft/model.ts";
import { numpyText } from "../../derivation/printers/numpy.ts";
import { embed } from "../../notation/embed.ts";
import { python } from "../../notation/python.ts";
import type { Constant } from "../../program/program.ts";

/**
 * An expression in JAX's words. They are NumPy's, but where an op says others, and but for sums and
 * places of whole numbers, which have 64 bits.
 */
export function jaxText(expression: LineExpression, isMultiplied = false): string {
	if (expression.kind !== "application") return forJax(numpyText(expression, isMultiplied));
	const { op, args, params } = expression;
	const multiplies = (op.traits?.algebra?.powers?.length ?? 0) > 1;
	const texts = args.map((arg, i) => jaxText(arg, multiplies && i === 0));
	const form = (given: readonly string[]) =>
		op.jax?.(given, params) ?? forJax(op.print(given, params));
	const text = embed(python, form, texts);
	return isWider(expression) ? cast(text, expression) : text;
}

/** The right side of a line. A mask is bool in JAX, which does where it is used at once. */
export function lineText(expression: LineExpression): string {
	const text = jaxText(expression);
	if (expression.kind !== "application" || !isMask(expression)) return text;
	return cast(text, expression);
}

/** A constant with its shape and dtype. */
export function jaxConstant(value: Constant): string {
	return jaxText({ kind: "constant", value });
}

/** A text for NumPy with JAX's arrays in their place. */
export function forJax(text: string): string {
	return text.replaceAll(/(?<![\w."])np\./g, "jnp.");
}

/** The text in the dtype that the value has here. */
function cast(text: string, { value }: Application): string {
	return embed(python, ([x]) => `${x}.astype("${value.type.dtype}")`, [text]);
}

/** Whether JAX counts or adds up whole numbers in 64 bits there. */
function isWider({ op, args, value }: Application): boolean {
	if (value.type.dtype !== "int32" || op.jax !== undefined || op.lowering === "cast") return false;
	const isOfOthers = args.every((arg) => arg.value.type.dtype !== "int32");
	return op.slices !== undefined || op.scan !== undefined || isOfOthers;
}

function isMask({ op, value }: Application): boolean {
	return value.type.dtype !== "bool" && op.differential === null && op.traits?.zeros === true;
}
