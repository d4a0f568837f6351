import { latexOf } from "../../notation/forms.ts";
import { uniformNumber } from "../../program/builder.ts";
import type {
	Application,
	Derived,
	LineExpression,
	Statement,
	TensorLiteral,
} from "../draft/model.ts";
import { numberLatex, symbolLatex } from "./latex-symbols.ts";
import type { SizeWriter } from "./size-writer.ts";

/** What stands for a variable in mathematics. */
export type Symbols = (variable: string) => string;

/**
 * How the variables of a derivation are written in mathematics: `h_relu` with relu as its index,
 * `grad_w1` as the partial derivative ∂L/∂w₁. The result is L unless a value or an axis has that
 * name.
 */
export function symbolsOf(derived: Derived): Symbols {
	const { arguments: args, constants, forward, backward, sizes } = derived;
	const result = forward.at(-1)!.variable;
	const names = [...args, ...constants].map(({ name }) => name);
	const lines = forward.map(({ variable }) => variable);
	const taken = [...names, ...lines, ...sizes.sizes.keys()].includes("L");
	const symbols = new Map([[result, taken ? symbolLatex(result) : "L"]]);
	const of = (name: string) => symbols.get(name) ?? symbolLatex(name);
	for (const { variable, gradientOf } of backward) {
		if (gradientOf === null) continue;
		symbols.set(variable, `\\frac{\\partial ${of(result)}}{\\partial ${of(gradientOf)}}`);
	}
	return of;
}

/** An expression in LaTeX, its sizes by their names. */
export function sizedLatex(
	{ expression, elsewhere = [] }: Pick<Statement, "expression" | "elsewhere">,
	symbols: Symbols,
	sizes: SizeWriter,
): string {
	return sizes.release(partText([expression, ...elsewhere], symbols, sizes));
}

/** @param all an expression at the derived sizes, and at each probe if that is known */
function partText(all: readonly LineExpression[], symbols: Symbols, sizes: SizeWriter): string {
	const [expression] = all as [LineExpression];
	const { dtype } = expression.value.type;
	switch (expression.kind) {
		case "name":
			return symbols(expression.name);
		case "number":
			return sizes.hold(all.flatMap(numbersIn), dtype);
		case "constant": {
			const numbers = all.flatMap(numbersIn);
			if (numbers.length > 0 && uniformNumber(expression.value) !== null)
				return sizes.hold(numbers, dtype);
			const text = ({ value }: TensorLiteral) => elementsLatex(value.tensor.toArray());
			return sizes.same(all.map((each) => (each.kind === "constant" ? text(each) : "")));
		}
		case "application": {
			const there = all.filter((each) => isLike(expression, each));
			const args = argsOf(expression).map((_, i) =>
				partText(
					there.map((each) => argsOf(each)[i]!),
					symbols,
					sizes,
				),
			);
			return sizes.latex(there.map(({ op, params }) => latexOf(op, args, params)));
		}
	}
}

/** The number that an expression is, if it is one. */
function numbersIn(expression: LineExpression): number[] {
	if (expression.kind === "number") return [expression.number];
	const number = expression.kind === "constant" ? uniformNumber(expression.value) : null;
	return number === null ? [] : [number];
}

function isLike(application: Application, other: LineExpression): other is Application {
	return (
		other.kind === "application" &&
		other.op === application.op &&
		other.args.length === application.args.length
	);
}

function argsOf({ op, args }: Application): readonly LineExpression[] {
	return op.traits?.stretch ? args.map(withoutReshaping) : args;
}

/** What is reshaped just to be stretched; mathematics leaves that unsaid. */
function withoutReshaping(expression: LineExpression): LineExpression {
	const isOrder = expression.kind === "application" && expression.op.loops?.kind === "order";
	return isOrder ? expression.args[0]! : expression;
}

/** The elements of a tensor, in brackets. */
export function elementsLatex(value: unknown): string {
	return Array.isArray(value)
		? `[${value.map(elementsLatex).join(", ")}]`
		: numberLatex(Number(value));
}
