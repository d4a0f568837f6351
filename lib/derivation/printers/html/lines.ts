import type { Tensor } from "../../../core/tensor.ts";
import { mathml } from "../../../notation/mathml.ts";
import type { Value } from "../../../program/program.ts";
import { variablesIn } from "../../draft/expressions.ts";
import type { Argument, ChoiceBlock, Derived, LoopBlock, Statement } from "../../draft/model.ts";
import { explain, type LineExplanation } from "../../explanations/explain.ts";
import { HEADINGS, type Lang } from "../../text/headings.ts";
import { equationLatex, type Symbols, symbolsOf } from "../../text/latex.ts";
import { shapeLatex } from "../../text/latex-symbols.ts";
import { SizeWriter } from "../../text/size-writer.ts";
import { writtenBlock } from "../blocks.ts";
import { markOf } from "../by-hand.ts";
import { numpyHeads, numpyNothing } from "../choices.ts";
import { constantsOf } from "../constants.ts";
import { choiceHeadings, hasFormula, loopHeading, loopNotes } from "../formulas.ts";
import { constantLatex, onlyForLatex } from "../latex.ts";
import { numpySizes, numpyStatements, numpyText } from "../numpy.ts";
import { blockPlaces, keysOf, type LineKeys, loopCode } from "./blocks.ts";
import { heatMap } from "./heat-map.ts";
import { escaped, paragraph } from "./text.ts";
import { valuesHtml } from "./values.ts";
import { PAGE_WORDS, type PageWords } from "./words.ts";

/** The parts of the page that are made of lines. */
export interface PageLines {
	readonly given: string;
	readonly rows: string;
	/** How many lines the backward pass has. */
	readonly steps: number;
	/** What the indices of loops mean; null where there are none. */
	readonly notes: string | null;
}

/**
 * The arguments, and the forward lines in order, each with the backward lines that come from it.
 */
export function linesHtml(derived: Derived, lang: Lang): PageLines {
	const words = PAGE_WORDS[lang];
	const sizes = new SizeWriter(derived.sizes);
	const symbols = symbolsOf(derived, sizes);
	const explanations = explain(derived, lang, { sizes, each: true });
	const values = derived.values();
	const tensorOf = (value: Value) => values.get(value) ?? null;
	const numpy = numpyStatements(derived, sizes, lang);
	const keys = keysOf(derived);
	const writer: LineWriter = { tensorOf, symbols, sizes, words, lang, numpy, keys };
	const constants = constantsOf(derived, sizes);
	const given = [
		...[...derived.arguments, ...constants.given].map((x) => argumentHtml(writer, x)),
		...constants.defined.map((x) => {
			// Elements are among the values, which open below.
			const isShort = x.form.kind !== "elements";
			return argumentHtml(writer, x, isShort ? constantLatex(x, symbols, sizes, "=") : undefined);
		}),
	];
	const beside = new Map<Statement, string[]>();
	const headings = (block: LoopBlock | ChoiceBlock) =>
		block.kind === "loop"
			? [loopHeading(block, symbols, lang)]
			: choiceHeadings(block, symbols, sizes, lang).branches;
	const places = blockPlaces(derived, headings);
	// The zero of a sum stands at the head of its loop.
	const backward = derived.backward.filter(({ reason }) => reason.kind !== "sumStart");
	let home = derived.forward.at(-1)!;
	for (const [i, statement] of backward.entries()) {
		const explanation = explanations.get(statement)!;
		// Of several the uppermost, since the lines run upwards. A term comes from no line of its own;
		// it stays with the line before.
		home = derived.forward.find((line) => explanation.from.includes(line)) ?? home;
		if (explanation.from.length === 0) home = places.near(statement, home);
		const html = lineHtml(writer, statement, explanation, i + 1, places.leads(statement));
		beside.set(home, [html, ...(beside.get(home) ?? [])]);
	}
	const row = (statement: Statement) => {
		const backward = beside.get(statement) ?? [];
		return `<div class="row">${lineHtml(writer, statement, null, 0)}<div class="beside">${backward.join("")}</div></div>`;
	};
	const head = (loop: LoopBlock) => {
		const back = places.backward.get(loop.index);
		const side = (each: LoopBlock) =>
			`<div>${paragraph(headings(each)[0]!)}${codeHtml(loopCode(each, numpy, sizes))}</div>`;
		return `<div class="row">${side(loop)}${back === undefined ? "" : side(back)}</div>`;
	};
	const rows = writtenBlock(derived.blocks.forward, {
		statement: (line) => [row(line)],
		loop: (loop, body) => [
			...loop.starts.map(row),
			`<section class="block">${head(loop)}${body.join("\n")}</section>`,
		],
		choice: (choice, branches) => {
			const heads = numpyHeads(choice, sizes, numpyText).map(({ head, branch }, i) => {
				const lead = branch === null ? "" : paragraph(headings(choice)[i]!);
				const text = branch === null ? `${head}\n    ${numpyNothing(branch)}` : head;
				const lines = branch === null ? [] : branches[branch]!;
				return `<div class="row"><div>${lead}${codeHtml(text)}</div></div>${lines.join("\n")}`;
			});
			return heads.map((html) => `<section class="block">${html}</section>`);
		},
	});
	const only = onlyForLatex(derived, sizes, symbols, lang);
	if (only !== null) given.push(`<div class="note">${paragraph(only)}</div>`);
	const definitions = numpySizes(derived, sizes);
	if (definitions.length > 0) {
		given.push(codeHtml(definitions.join("\n")));
	}
	const notes = loopNotes(symbols, lang);
	return { given: given.join("\n"), rows: rows.join("\n"), steps: backward.length, notes };
}

interface LineWriter {
	/** What a value is at the arguments of the derivation; null in a loop, where it is many. */
	readonly tensorOf: (value: Value) => Tensor | null;
	readonly symbols: Symbols;
	readonly sizes: SizeWriter;
	readonly words: PageWords;
	readonly lang: Lang;
	readonly numpy: (statement: Statement) => readonly string[];
	readonly keys: LineKeys;
}

function argumentHtml(
	{ tensorOf, symbols, words }: LineWriter,
	{ name, value, axes }: Argument,
	formula = symbols(name),
): string {
	return `<article class="line argument" id="line-${escaped(name)}" tabindex="0" data-variable="${escaped(name)}">
<div class="formula">${mathml(formula)}<span class="aside">${heatMapOf(tensorOf(value), words)}<span class="shape">${mathml(shapeLatex(axes))}</span></span></div>
${valuesOf(tensorOf(value), words)}</article>`;
}

function heatMapOf(x: Tensor | null, words: PageWords): string {
	return x === null ? "" : heatMap(x, words);
}

function valuesOf(x: Tensor | null, words: PageWords): string {
	return x === null ? "" : valuesHtml(x, words);
}

function codeHtml(text: string): string {
	return `<pre class="code"><code>${escaped(text)}</code></pre>`;
}

/**
 * A forward line, or with an explanation a backward one, which has a number.
 * @param leads what is said before a backward line, which may stand beside lines of another block
 */
function lineHtml(
	{ tensorOf, symbols, sizes, words, lang, numpy, keys }: LineWriter,
	statement: Statement,
	explanation: LineExplanation | null,
	number: number,
	leads: readonly string[] = [],
): string {
	const { expression, axes, value, gradientOf } = statement;
	const isShown = hasFormula(statement, symbols, sizes);
	const formula = isShown
		? equationLatex(statement, symbols, sizes)
		: symbols(statement.variable, statement);
	const key = escaped(keys.of(statement));
	const related = [
		...[...variablesIn(expression).keys()].flatMap(keys.named),
		...(explanation?.from ?? []).map(keys.of),
		...(gradientOf === null ? [] : keys.named(gradientOf)),
	];
	const mark = markOf(statement, lang);
	const parts = [
		...leads.map((lead) => `<div class="lead">${paragraph(lead)}</div>`),
		`<div class="formula"><div class="scroll">${number > 0 ? `<span class="number">${number}</span>` : ""}${mathml(formula, "display")}</div><span class="aside">${heatMapOf(tensorOf(value), words)}<span class="shape">${mathml(shapeLatex(axes))}</span></span></div>`,
		...(mark === null ? [] : [`<p class="note">${escaped(mark)}</p>`]),
		...(symbols.loops.kept.has(statement) ? [`<p class="note">${HEADINGS[lang].kept}</p>`] : []),
		codeHtml(numpy(statement).join("\n")),
	];
	const more: string[] = [];
	if (explanation !== null) {
		const rules = explanation.differentials.map(
			(rule) => `<div class="scroll">${mathml(rule)}</div>`,
		);
		if (rules.length > 0) {
			parts.push(
				`<div class="rule" role="group" aria-label="${words.rule}">${rules.join("")}</div>`,
			);
		}
		more.push(
			`<details class="why"><summary>${words.reason}</summary>${explanation.paragraphs.map(paragraph).join("")}</details>`,
		);
	}
	more.push(valuesOf(tensorOf(value), words));
	parts.push(`<div class="more">${more.join("\n")}</div>`);
	const kind = explanation === null ? "forward" : "backward";
	const step = number > 0 ? ` data-step="${number}"` : "";
	return `<article class="line ${kind}"${step} id="line-${key}" tabindex="0" data-variable="${key}" data-related="${escaped(related.join(" "))}">${parts.join("\n")}</article>`;
}
