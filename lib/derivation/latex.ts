import { latexOf } from "../notation/forms.ts";
import { named } from "../notation/mathematics.ts";
import { uniform } from "../program/builder.ts";
import { markOf } from "./by-hand.ts";
import { constantsOf, type DefinedConstant } from "./constants.ts";
import { HEADINGS, type Lang } from "./headings.ts";
import { numberLatex, shapeLatex, symbolLatex } from "./latex-symbols.ts";
import type { Derived, Expression, Statement } from "./model.ts";
import type { PrintOptions } from "./print-options.ts";

/** What stands for a variable in mathematics. */
export type Symbols = (variable: string) => string;

/** The derivation as a fragment for LaTeX with amsmath: the lines of each pass, with their shapes. */
export function printLatex(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const { forward, backward, constants } = HEADINGS[lang];
	const symbols = symbolsOf(derived);
	const aligned = (statements: readonly Statement[]) => [
		"\\begin{align*}",
		...statements.map((line) => {
			const shape = shapeLatex(line.axes);
			const left = symbols(line.variable);
			const mark = latexMark(line, lang);
			return `  ${left} &= ${latexText(line.expression, symbols)} && ${shape}${mark} \\\\`;
		}),
		"\\end{align*}",
	];
	const { defined } = constantsOf(derived);
	return [
		...(defined.length > 0
			? [
					`\\paragraph{${constants}}`,
					"\\begin{align*}",
					...defined.map((x) => `  ${constantLatex(x, symbols)} && ${shapeLatex(x.axes)} \\\\`),
					"\\end{align*}",
					"",
				]
			: []),
		`\\paragraph{${forward}}`,
		...aligned(derived.forward),
		"",
		`\\paragraph{${backward}}`,
		...aligned(derived.backward),
		"",
	].join("\n");
}

/** That a derivative was fixed by hand, to stand behind a line; empty where none was. */
export function latexMark(line: Statement, lang: Lang): string {
	const mark = markOf(line, lang);
	return mark === null ? "" : ` \\quad \\text{${mark}}`;
}

/**
 * How the variables of a derivation are written in mathematics: `h_relu` with relu as its index, `grad_w1` as the partial derivative
 * ∂L/∂w₁. The result is L unless that name is taken.
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
	{ name, tensor, form }: DefinedConstant,
	symbols: Symbols,
	sign = "&=",
): string {
	const sides = (text: string) => `${symbols(name)} ${sign} ${text}`;
	switch (form.kind) {
		case "identity":
			return sides(form.factor === 1 ? "I" : `${numberLatex(form.factor)}\\,I`);
		case "triangle":
			return sides(named(form.op.name, ["1"], form.k === 0 ? "" : String(form.k)));
		case "elements":
			return sides(nested(tensor.toArray()));
	}
}

/** An expression in LaTeX. */
export function latexText(expression: Expression, symbols: Symbols): string {
	switch (expression.kind) {
		case "name":
			return symbols(expression.name);
		case "number":
			return numberLatex(expression.number);
		case "constant": {
			const number = uniform(expression.value);
			if (number !== null) return numberLatex(number);
			return nested(expression.value.tensor.toArray());
		}
		case "application": {
			const { op, params } = expression;
			const args = op.facts?.stretch ? expression.args.map(withoutReshaping) : expression.args;
			return latexOf(
				op,
				args.map((arg) => latexText(arg, symbols)),
				params,
			);
		}
	}
}

/** What is reshaped just to be stretched; mathematics leaves that unsaid. */
function withoutReshaping(expression: Expression): Expression {
	const isOrder = expression.kind === "application" && expression.op.plain?.kind === "order";
	return isOrder ? expression.args[0]! : expression;
}

function nested(value: unknown): string {
	return Array.isArray(value) ? `[${value.map(nested).join(", ")}]` : numberLatex(Number(value));
}
