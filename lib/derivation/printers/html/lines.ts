import type { Tensor } from "../../../core/tensor.ts";
import { mathml } from "../../../notation/mathml.ts";
import type { Value } from "../../../program/program.ts";
import { variablesIn } from "../../draft/expressions.ts";
import type { Argument, Derived, Statement } from "../../draft/model.ts";
import { explain, type LineExplanation } from "../../explanations/explain.ts";
import type { Lang } from "../../text/headings.ts";
import { type Symbols, sizedLatex, symbolsOf } from "../../text/latex.ts";
import { shapeLatex } from "../../text/latex-symbols.ts";
import { SizeWriter } from "../../text/size-writer.ts";
import { markOf } from "../by-hand.ts";
import { constantsOf } from "../constants.ts";
import { constantLatex, onlyForLatex } from "../latex.ts";
import { numpySizes, numpyStatements } from "../numpy.ts";
import { heatMap } from "./heat-map.ts";
import { escaped, paragraph } from "./text.ts";
import { valuesHtml } from "./values.ts";
import { PAGE_WORDS, type PageWords } from "./words.ts";

/**
 * The arguments, and the forward lines in order, each with the backward lines that come from it.
 */
export function linesHtml(derived: Derived, lang: Lang): { given: string; rows: string } {
	const words = PAGE_WORDS[lang];
	const symbols = symbolsOf(derived);
	const sizes = new SizeWriter(derived.sizes);
	const explanations = explain(derived, lang, { sizes, each: true });
	const values = derived.values();
	const tensorOf = (value: Value) => values.get(value)!;
	const numpy = numpyStatements(derived, sizes, lang);
	const writer: LineWriter = { tensorOf, symbols, sizes, words, lang, numpy };
	const constants = constantsOf(derived, sizes);
	const given = [
		...[...derived.arguments, ...constants.given].map((x) => argumentHtml(writer, x)),
		...constants.defined.map((x) => {
			// Elements are among the values, which open below.
			const isShort = x.form.kind !== "elements";
			return argumentHtml(writer, x, isShort ? constantLatex(x, symbols, sizes, "=") : undefined);
		}),
	];
	const beside = new Map<string, string[]>();
	const order = derived.forward.map(({ variable }) => variable);
	let home = order.at(-1)!;
	for (const [i, statement] of derived.backward.entries()) {
		const explanation = explanations.get(statement)!;
		// Of several the uppermost, since the lines run upwards. A term comes from no line of its own;
		// it stays with the line before.
		home = order.find((variable) => explanation.from.includes(variable)) ?? home;
		const html = lineHtml(writer, statement, explanation, i + 1);
		beside.set(home, [html, ...(beside.get(home) ?? [])]);
	}
	const rows = derived.forward.map((statement) => {
		const backward = beside.get(statement.variable) ?? [];
		return `<div class="row">${lineHtml(writer, statement, null, 0)}<div class="beside">${backward.join("")}</div></div>`;
	});
	const only = onlyForLatex(derived, sizes, symbols, lang);
	if (only !== null) given.push(`<div class="note">${paragraph(only)}</div>`);
	const definitions = numpySizes(derived, sizes);
	if (definitions.length > 0) {
		given.push(`<pre class="code"><code>${escaped(definitions.join("\n"))}</code></pre>`);
	}
	return { given: given.join("\n"), rows: rows.join("\n") };
}

interface LineWriter {
	/** What a value is at the arguments of the derivation. */
	readonly tensorOf: (value: Value) => Tensor;
	readonly symbols: Symbols;
	readonly sizes: SizeWriter;
	readonly words: PageWords;
	readonly lang: Lang;
	readonly numpy: (statement: Statement) => readonly string[];
}

function argumentHtml(
	{ tensorOf, symbols, words }: LineWriter,
	{ name, value, axes }: Argument,
	formula = symbols(name),
): string {
	return `<article class="line argument" id="line-${escaped(name)}" tabindex="0" data-variable="${escaped(name)}">
<div class="formula">${mathml(formula)}<span class="aside">${heatMap(tensorOf(value), words)}<span class="shape">${mathml(shapeLatex(axes))}</span></span></div>
${valuesHtml(tensorOf(value), words)}</article>`;
}

/** A forward line, or with an explanation a backward one, which has a number. */
function lineHtml(
	{ tensorOf, symbols, sizes, words, lang, numpy }: LineWriter,
	statement: Statement,
	explanation: LineExplanation | null,
	number: number,
): string {
	const { variable, expression, axes, value } = statement;
	const formula = `${symbols(variable)} = ${sizedLatex(statement, symbols, sizes)}`;
	const related = [
		...variablesIn(expression).keys(),
		...(explanation?.from ?? []),
		statement.gradientOf ?? "",
	];
	const mark = markOf(statement, lang);
	const parts = [
		`<div class="formula"><div class="scroll">${number > 0 ? `<span class="number">${number}</span>` : ""}${mathml(formula, "display")}</div><span class="aside">${heatMap(tensorOf(value), words)}<span class="shape">${mathml(shapeLatex(axes))}</span></span></div>`,
		...(mark === null ? [] : [`<p class="note">${escaped(mark)}</p>`]),
		`<pre class="code"><code>${escaped(numpy(statement).join("\n"))}</code></pre>`,
	];
	const more: string[] = [];
	if (explanation !== null) {
		const rules = explanation.differentials.map(
			(rule) => `<div class="scroll">${mathml(rule)}</div>`,
		);
		if (rules.length > 0) {
			parts.push(`<div class="rule" aria-label="${words.rule}">${rules.join("")}</div>`);
		}
		more.push(
			`<details class="why"><summary>${words.reason}</summary>${explanation.paragraphs.map(paragraph).join("")}</details>`,
		);
	}
	more.push(valuesHtml(tensorOf(value), words));
	parts.push(`<div class="more">${more.join("\n")}</div>`);
	const kind = explanation === null ? "forward" : "backward";
	const step = number > 0 ? ` data-step="${number}"` : "";
	return `<article class="line ${kind}"${step} id="line-${escaped(variable)}" tabindex="0" data-variable="${escaped(variable)}" data-related="${escaped(related.join(" ").trim())}">${parts.join("\n")}</article>`;
}
