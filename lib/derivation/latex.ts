import { latexOf } from "../notation/forms.ts";
import { named } from "../notation/mathematics.ts";
import { uniform } from "../program/builder.ts";
import { markOf } from "./by-hand.ts";
import { type ConstantForm, constantsOf, type DefinedConstant } from "./constants.ts";
import { HEADINGS, type Lang, onlyFor } from "./headings.ts";
import { numberLatex, shapeLatex, symbolLatex } from "./latex-symbols.ts";
import type { Application, Argument, Derived, Expression, Literal, Statement } from "./model.ts";
import type { PrintOptions } from "./print-options.ts";
import { SizeWriter } from "./size-writer.ts";

/** What stands for a variable in mathematics. */
export type Symbols = (variable: string) => string;

/**
 * The derivation as a fragment for LaTeX with amsmath: the lines of each pass, with their shapes.
 */
export function printLatex(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const { forward, backward, constants } = HEADINGS[lang];
	const symbols = symbolsOf(derived);
	const sizes = new SizeWriter(derived.sizes);
	const aligned = (statements: readonly Statement[]) => [
		"\\begin{align*}",
		...statements.map((line) => {
			const shape = shapeLatex(line.axes);
			const left = symbols(line.variable);
			const right = sizedLatex(line, symbols, sizes);
			return `  ${left} &= ${right} && ${shape}${latexMark(line, lang)} \\\\`;
		}),
		"\\end{align*}",
	];
	const { defined } = constantsOf(derived, sizes);
	const definitions = defined.map(
		(x) => `  ${constantLatex(x, symbols, sizes)} && ${shapeLatex(x.axes)} \\\\`,
	);
	const lines = [
		...(definitions.length > 0
			? [`\\paragraph{${constants}}`, "\\begin{align*}", ...definitions, "\\end{align*}", ""]
			: []),
		`\\paragraph{${forward}}`,
		...aligned(derived.forward),
		"",
		`\\paragraph{${backward}}`,
		...aligned(derived.backward),
		"",
	];
	const only = onlyForLatex(derived, sizes, symbols, lang);
	return [...(only === null ? [] : [only, ""]), ...lines].join("\n");
}

/**
 * The sentence that the text holds for no other shapes; mathematics stands between dollar signs.
 * Null where it holds for all.
 */
export function onlyForLatex(
	derived: Derived,
	sizes: SizeWriter,
	symbols: Symbols,
	lang: Lang,
): string | null {
	const shape = ({ name, axes }: Argument) => `$${symbols(name)}$ ($${shapeLatex(axes)}$)`;
	const sentence = onlyFor(derived, sizes, lang, shape);
	return sentence === null ? null : sentence + (lang === "zh" ? "。" : ".");
}

/** That a derivative was fixed by hand, to stand behind a line; empty where none was. */
export function latexMark(line: Statement, lang: Lang): string {
	const mark = markOf(line, lang);
	return mark === null ? "" : ` \\quad \\text{${mark}}`;
}

/**
 * How the variables of a derivation are written in mathematics: `h_relu` with relu as its index,
 * `grad_w1` as the partial derivative ∂L/∂w₁. The result is L unless that name is taken.
 */
export function symbolsOf({ arguments: args, constants, forward, backward }: Derived): Symbols {
	const result = forward.at(-1)!.variable;
	const names = [...args, ...constants].map(({ name }) => name);
	const taken = [...names, ...forward.map(({ variable }) => variable)].includes("L");
	const symbols = new Map([[result, taken ? symbolLatex(result) : "L"]]);
	const of = (name: string) => symbols.get(name) ?? symbolLatex(name);
	for (const { variable, gradientOf } of backward) {
		if (gradientOf === null) continue;
		symbols.set(variable, `\\frac{\\partial ${of(result)}}{\\partial ${of(gradientOf)}}`);
	}
	return of;
}

/** What a constant is, as an equation; `sign` stands between its sides. */
export function constantLatex(
	{ name, value, form, everywhere }: DefinedConstant,
	symbols: Symbols,
	sizes: SizeWriter,
	sign = "&=",
): string {
	const sides = (text: string) => `${symbols(name)} ${sign} ${sizes.release(text)}`;
	switch (form.kind) {
		case "identity": {
			const forms = everywhere.map((each) => each.form);
			const factors = forms.flatMap((each) => (each.kind === "identity" ? [each.factor] : []));
			const factor = sizes.hold(factors, value.type.dtype);
			return sides(factor === "1" ? "I" : `${factor}\\,I`);
		}
		case "triangle": {
			const text = (each: ConstantForm) =>
				each.kind === "triangle"
					? named(each.op.name, ["1"], each.k === 0 ? "" : String(each.k))
					: "";
			return sides(sizes.latex(everywhere.map((each) => text(each.form))));
		}
		case "elements":
			return sides(nested(value.tensor.toArray()));
	}
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
function partText(all: readonly Expression[], symbols: Symbols, sizes: SizeWriter): string {
	const [expression] = all as [Expression];
	const { dtype } = expression.value.type;
	switch (expression.kind) {
		case "name":
			return symbols(expression.name);
		case "number":
			return sizes.hold(all.flatMap(numbersIn), dtype);
		case "constant": {
			const numbers = all.flatMap(numbersIn);
			if (numbers.length > 0 && uniform(expression.value) !== null)
				return sizes.hold(numbers, dtype);
			const text = ({ value }: Literal) => nested(value.tensor.toArray());
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
function numbersIn(expression: Expression): number[] {
	if (expression.kind === "number") return [expression.number];
	const number = expression.kind === "constant" ? uniform(expression.value) : null;
	return number === null ? [] : [number];
}

function isLike(application: Application, other: Expression): other is Application {
	return (
		other.kind === "application" &&
		other.op === application.op &&
		other.args.length === application.args.length
	);
}

function argsOf({ op, args }: Application): readonly Expression[] {
	return op.traits?.stretch ? args.map(withoutReshaping) : args;
}

/** What is reshaped just to be stretched; mathematics leaves that unsaid. */
function withoutReshaping(expression: Expression): Expression {
	const isOrder = expression.kind === "application" && expression.op.plain?.kind === "order";
	return isOrder ? expression.args[0]! : expression;
}

function nested(value: unknown): string {
	return Array.isArray(value) ? `[${value.map(nested).join(", ")}]` : numberLatex(Number(value));
}
