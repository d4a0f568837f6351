import { embed } from "../../notation/embed.ts";
import { latexOf } from "../../notation/forms.ts";
import { latex } from "../../notation/latex.ts";
import { uniformNumber } from "../../program/builder.ts";
import type { Value } from "../../program/program.ts";
import type {
	Application,
	Derived,
	LineExpression,
	LoopBlock,
	Statement,
	TensorLiteral,
} from "../draft/model.ts";
import { numberLatex, symbolLatex } from "./latex-symbols.ts";
import { type LoopSymbols, loopSymbols } from "./loop-symbols.ts";
import { castPlace, placeLatex } from "./places.ts";
import { SizeWriter } from "./size-writer.ts";

/**
 * What stands for a variable in mathematics.
 * @param of the value that it is here, or the line that gives it; in loops that decides
 */
export type SymbolOf = (variable: string, of?: Value | Statement) => string;

/** What stands for the variables of a derivation. */
export interface Symbols extends SymbolOf {
	/** How the variables of loops are written. */
	readonly loops: LoopSymbols;
}

/**
 * How the variables of a derivation are written in mathematics: `h_relu` with relu as its index,
 * `grad_w1` as the partial derivative ∂L/∂w₁. The result is L unless a value or an axis has that
 * name.
 */
export function symbolsOf(derived: Derived, sizes = new SizeWriter(derived.sizes)): Symbols {
	const { arguments: args, constants, forward, backward } = derived;
	const result = forward.at(-1)!.variable;
	const names = [...args, ...constants].map(({ name }) => name);
	const lines = forward.map(({ variable }) => variable);
	const taken = [...names, ...lines, ...derived.sizes.sizes.keys()].includes("L");
	const symbols = new Map([[result, taken ? symbolLatex(result) : "L"]]);
	const plain = (name: string) => symbols.get(name) ?? symbolLatex(name);
	for (const { variable, gradientOf } of backward) {
		if (gradientOf === null) continue;
		symbols.set(variable, `\\frac{\\partial ${plain(result)}}{\\partial ${plain(gradientOf)}}`);
	}
	const loops = loopSymbols(derived, plain, plain(result), sizes);
	const of = (name: string, at?: Value | Statement) =>
		(at === undefined ? undefined : loops.texts.get(at)) ?? plain(name);
	return Object.assign(of, { loops });
}

/** The sides of a line; one that adds to a sum over the steps of a loop is that sum. */
export function sidesLatex(line: Statement, symbols: Symbols, sizes: SizeWriter): [string, string] {
	const right = sizedLatex(line, symbols, sizes);
	const loop = symbols.loops.sums.get(line);
	return [symbols(line.variable, line), loop ? sumLatex(right, loop, symbols) : right];
}

/** A line as an equation. */
export function equationLatex(line: Statement, symbols: Symbols, sizes: SizeWriter): string {
	return sidesLatex(line, symbols, sizes).join(" = ");
}

/** The sum of what the steps of a loop give. */
function sumLatex(one: string, loop: LoopBlock, { loops }: Symbols): string {
	const { index, length } = loops.places.get(loop)!;
	const sum = embed(latex, ([x]) => `\\sum_{} ${x}`, [one]);
	return sum.replace("\\sum_{}", () => `\\sum_{${index}=1}^{${length}}`);
}

/** An expression in LaTeX, its sizes by their names. */
export function sizedLatex(
	{ expression, elsewhere = [] }: Pick<Statement, "expression" | "elsewhere">,
	symbols: SymbolOf,
	sizes: SizeWriter,
): string {
	return sizes.release(partText([expression, ...elsewhere], symbols, sizes));
}

/** @param all an expression at the derived sizes, and at each probe if that is known */
function partText(all: readonly LineExpression[], symbols: SymbolOf, sizes: SizeWriter): string {
	const [expression] = all as [LineExpression];
	const { dtype } = expression.value.type;
	switch (expression.kind) {
		case "name":
			if (expression.from !== undefined) return placeLatex(expression);
			return symbols(expression.name, expression.value);
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
			const place = castPlace(expression);
			if (place !== null) return placeLatex(place);
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
