import { TraceError } from "../../core/error.ts";
import { showShape } from "../../core/shape.ts";
import type { Application, LineExpression } from "../../derivation/draft/model.ts";
import { numpyText } from "../../derivation/printers/numpy.ts";
import { embed } from "../../notation/embed.ts";
import { python } from "../../notation/python.ts";
import type { Constant } from "../../program/program.ts";
import { constantInJax } from "./constant-text.ts";
import { forJax } from "./for-jax.ts";

/**
 * An expression in JAX's words. They are NumPy's, but where an op says others, and but for sums and
 * places of whole numbers, which have 64 bits.
 */
export function jaxText(expression: LineExpression, isMultiplied = false): string {
	if (expression.kind === "constant") return jaxConstant(expression.value);
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

/**
 * A constant with its shape and dtype.
 * @throws TraceError where it has so many elements that it belongs among the arguments
 */
export function jaxConstant(value: Constant): string {
	const text = constantInJax(value);
	if (text !== null) return text;
	const { size, shape, dtype } = value.tensor;
	throw new TraceError(
		`toJax: the function uses a tensor of ${dtype} ${showShape(shape)} that is no argument, and the module would hold its ${size} numbers; pass it as an argument`,
	);
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
