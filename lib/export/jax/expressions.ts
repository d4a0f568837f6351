import type { Application, LineExpression } from "../../derivation/draft/model.ts";
import { numpyText } from "../../derivation/printers/numpy.ts";
import { embed } from "../../notation/embed.ts";
import { python } from "../../notation/python.ts";
import type { Constant } from "../../program/program.ts";

/**
 * An expression in JAX's words. They are NumPy's, but where an op says others, and but for dtypes:
 * in JAX sums and places of whole numbers have 64 bits, and a mask is bool.
 */
export function jaxText(expression: LineExpression, isMultiplied = false): string {
	if (expression.kind !== "application") return forJax(numpyText(expression, isMultiplied));
	const { op, args, params, value } = expression;
	const multiplies = (op.traits?.algebra?.powers?.length ?? 0) > 1;
	const texts = args.map((arg, i) => jaxText(arg, multiplies && i === 0));
	const form = (given: readonly string[]) =>
		op.jax?.(given, params) ?? forJax(op.print(given, params));
	if (!isOther(expression)) return embed(python, form, texts);
	const cast = ([x]: readonly string[]) => `${x}.astype("${value.type.dtype}")`;
	return embed(python, cast, [embed(python, form, texts)]);
}

/** A constant with its shape and dtype. */
export function constantText(value: Constant): string {
	return jaxText({ kind: "constant", value });
}

/** A text for NumPy with JAX's arrays in their place. */
export function forJax(text: string): string {
	return text.replaceAll(/(?<![\w."])np\./g, "jnp.");
}

/** Whether JAX gives another dtype. */
function isOther({ op, args, value }: Application): boolean {
	const { dtype } = value.type;
	if (op.jax !== undefined || op.lowering === "cast") return false;
	// What reduces, sorts and the like counts and adds up whole numbers in 64 bits.
	if (dtype === "int32")
		return op.slices !== undefined || op.scan !== undefined || isOfOthers(args);
	return dtype !== "bool" && op.differential === null && op.traits?.zeros === true;
}

function isOfOthers(args: readonly LineExpression[]): boolean {
	return args.every(({ value }) => value.type.dtype !== "int32");
}
