import type { DType } from "../dtype.ts";
import { embed } from "../notation/embed.ts";
import { numpyOf } from "../notation/forms.ts";
import { python } from "../notation/python.ts";
import { type Shape, sameShape } from "../shape.ts";
import { shapeOf } from "./expressions.ts";
import { described, HEADINGS, onlyForComment } from "./headings.ts";
import type { Application, Derived, Expression, Statement } from "./model.ts";
import { helpersFor } from "./numpy-helpers.ts";
import type { PrintOptions } from "./print-options.ts";
import { PYTHON } from "./size-text.ts";
import { SizeWriter } from "./size-writer.ts";

/** The derivation as a Python program that needs only NumPy, and the arguments as variables. */
export function printNumPy(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const headings = HEADINGS[lang];
	const given = [...derived.arguments, ...derived.constants].map(described).join(", ");
	const sizes = new SizeWriter(derived.sizes);
	const forward = derived.forward.flatMap((line) => numpyStatement(line, sizes));
	const backward = derived.backward.flatMap((line) => numpyStatement(line, sizes));
	const helpers = helpersFor([...forward, ...backward].join("\n"));
	return [
		"import numpy as np",
		"",
		...helpers.flatMap((helper) => [helper, ""]),
		`# ${headings.given}: ${given}`,
		...onlyForComment("#", derived, sizes, lang),
		...numpySizes(derived, sizes),
		"",
		`# ${headings.forward}`,
		...forward,
		"",
		`# ${headings.backward}`,
		...backward,
		"",
	].join("\n");
}

/** The sizes that statements refer to, as lines that take them from the arguments. */
export function numpySizes(derived: Derived, sizes: SizeWriter): string[] {
	return sizes
		.definitions(derived.arguments)
		.map(({ variable, argument, axis }) => `${variable} = ${argument}.shape[${axis}]`);
}

/** A statement in NumPy's notation: one line, or the two lines of a masked assignment. Without `sizes` they are numbers. */
export function numpyStatement(
	{ variable, expression, elsewhere = [], value }: Statement,
	sizes?: SizeWriter,
): readonly string[] {
	if (sizes === undefined) return assigned(variable, expression);
	const texts = [expression, ...elsewhere].map((each) => assigned(variable, each).join("\n"));
	return sizes.code(texts, value.type.dtype, PYTHON).split("\n");
}

function assigned(variable: string, expression: Expression): readonly string[] {
	const lines = expression.kind === "application" ? assignment(variable, expression) : null;
	return lines ?? [`${variable} = ${numpyText(expression)}`];
}

/** The lines of an op that is written as an assignment to a copy of a variable; all arguments have the shape of the result. */
function assignment(variable: string, application: Application): readonly string[] | null {
	const { op, args, value } = application;
	const { shape } = value.type;
	// A scalar of NumPy's cannot be assigned to, and a mask that broadcasts selects nothing.
	const isWhole = shape.length > 0 && args.every((arg) => sameShape(shapeOf(arg), shape));
	if (op.facts?.printAssigned === undefined || args[0]?.kind !== "name" || !isWhole) return null;
	return op.facts.printAssigned(variable, argumentTexts(application), args.map(oppositeOf));
}

/** Where a mask is 0, in NumPy's notation, if its op can say that. */
function oppositeOf(expression: Expression): string | null {
	if (expression.kind !== "application") return null;
	const opposite = expression.op.facts?.printOpposite;
	return opposite === undefined ? null : embed(python, opposite, argumentTexts(expression));
}

/** An expression in NumPy's notation. */
export function numpyText(expression: Expression, isMultiplied = false): string {
	switch (expression.kind) {
		case "name":
			return expression.name;
		case "number":
			return numberText(expression.number, expression.value.type.dtype, isMultiplied);
		case "constant":
			return constantText(expression);
		case "application":
			return numpyOf(expression.op, argumentTexts(expression), expression.params);
	}
}

/** A number that multiplies what follows shows its point. */
function argumentTexts({ op, args }: Application): string[] {
	const multiplies = (op.facts?.algebra?.powers?.length ?? 0) > 1;
	return args.map((arg, i) => numpyText(arg, multiplies && i === 0));
}

/** A float that is multiplied shows its point: `2.0 * x`. */
function numberText(number: number, dtype: DType, isMultiplied: boolean): string {
	if (dtype === "bool") return number === 0 ? "False" : "True";
	if (Number.isNaN(number)) return "np.nan";
	if (!Number.isFinite(number)) return number > 0 ? "np.inf" : "-np.inf";
	const text = String(dtype === "float32" ? shortestFloat32(number) : number);
	const isWhole = /^-?\d+$/.test(text);
	return isWhole && isMultiplied && dtype !== "int32" ? `${text}.0` : text;
}

/** The number with the fewest digits that rounds to this float32. */
function shortestFloat32(number: number): number {
	for (let digits = 1; digits < 9; digits++) {
		const short = Number(number.toPrecision(digits));
		if (Math.fround(short) === number) return short;
	}
	return number;
}

function constantText({ value: { tensor } }: Extract<Expression, { kind: "constant" }>): string {
	const { shape, dtype, size } = tensor;
	const suffix = dtype === "float64" ? "" : `, dtype=np.${dtype === "bool" ? "bool_" : dtype}`;
	if (size === 0) return `np.zeros(${tupleText(shape)}${suffix})`;
	if (tensor.strides.every((stride, i) => stride === 0 || shape[i] === 1)) {
		const number = numberText(tensor.storage[tensor.offset]!, dtype, true);
		return `np.full(${tupleText(shape)}, ${number}${suffix})`;
	}
	return `np.array(${nestedText(tensor.toArray(), dtype)}${suffix})`;
}

function tupleText(shape: Shape): string {
	return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

function nestedText(value: unknown, dtype: DType): string {
	if (Array.isArray(value)) return `[${value.map((x) => nestedText(x, dtype)).join(", ")}]`;
	return numberText(Number(value), dtype, true);
}
