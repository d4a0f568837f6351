import type { Value } from "../../program/program.ts";
import { variablesIn } from "../draft/expressions.ts";
import type { Derived, LineExpression, Statement } from "../draft/model.ts";
import type { Lang } from "../text/headings.ts";
import { type Symbols, sizedLatex, symbolsOf } from "../text/latex.ts";
import { SizeWriter } from "../text/size-writer.ts";
import { chinese } from "./chinese.ts";
import type { StepContext, Words } from "./context.ts";
import { english } from "./english.ts";
import { LineNames } from "./line-names.ts";
import { pathTo } from "./path.ts";
import { stepContext } from "./step-context.ts";

const WORDS: Readonly<Record<Lang, Words>> = { en: english, zh: chinese };

/** Why a line is there and true. Mathematics stands between dollar signs, as LaTeX. */
export interface LineExplanation {
	/** The variables of the forward lines that it comes from. */
	readonly from: readonly string[];
	readonly paragraphs: readonly string[];
	/** The differentials of its maps, in LaTeX. */
	readonly differentials: readonly string[];
}

/** How explanations are written. */
export interface ExplainOptions {
	/** Where the text that they stand in has its sizes written. */
	readonly sizes?: SizeWriter;
	/**
	 * Whether each line has its rule in full, to be read by itself; left out: a rule is told in full
	 * where it first occurs.
	 */
	readonly each?: boolean;
	/** The lines that are printed, in order; left out: all backward lines. */
	readonly lines?: readonly Statement[];
}

/** The explanation of every backward line, as a teacher would give it. */
export function explain(
	derived: Derived,
	lang: Lang,
	options: ExplainOptions = {},
): Map<Statement, LineExplanation> {
	const { sizes = new SizeWriter(derived.sizes), each = false } = options;
	const told: Told = { ops: new Set(), kinds: new Set() };
	const context = { derived, lang, words: WORDS[lang], symbols: symbolsOf(derived), sizes };
	const lines = (options.lines ?? derived.backward).filter((x) => derived.backward.includes(x));
	return new Map(
		lines.map((statement) => {
			const known = each ? { ops: new Set<string>(), kinds: new Set<string>() } : told;
			return [statement, explainLine(statement, { ...context, told: known })];
		}),
	);
}

/** The rules that have been told, by op and by kind. */
interface Told {
	readonly ops: Set<string>;
	readonly kinds: Set<string>;
}

interface LineContext {
	readonly derived: Derived;
	readonly lang: Lang;
	readonly words: Words;
	readonly symbols: Symbols;
	readonly sizes: SizeWriter;
	readonly told: Told;
}

function explainLine(statement: Statement, context: LineContext): LineExplanation {
	const { derived, words, symbols, sizes } = context;
	const { reason, gradientOf, variable } = statement;
	if (reason.kind === "forward" || reason.kind === "unused") {
		const of = symbols(gradientOf ?? variable);
		return { from: [], paragraphs: [words.unused(of)], differentials: [] };
	}
	const above = gradientsAbove(statement, derived, symbols);
	const of = reason.kind === "term" ? reason.of : valueNamed(derived, gradientOf!);
	const path = of === null ? [] : pathTo(of, reason.steps, (value) => above.has(value));
	const names = new LineNames(derived, path, symbols, sizes, above);
	const from = [...new Set(path.map((step) => step.statement))];
	const paragraphs = from.map((line) =>
		words.from(
			`${symbols(line.variable)} = ${sizedLatex(line, symbols, sizes)}`,
			names.partsOf(line),
		),
	);
	if (reason.kind === "term") {
		const gradient = of === null ? null : names.ownGradient(of);
		const uses = usesOf(statement, derived, symbols);
		paragraphs.push(words.term({ name: symbols(variable), gradient, ...uses }));
	}
	const found = new Set(path.map(({ out }) => out).filter((value) => above.has(value)));
	for (const value of found) {
		const [own, known] = [names.ownGradient(value), names.gradient(value)];
		if (own !== known) paragraphs.push(words.found(own, known));
	}
	const differentials: string[] = [];
	for (const [i, step] of path.entries()) {
		const shares = path.filter(({ input }) => input === step.input);
		if (step.call !== null) {
			const isByHand = step.forward.op.traits?.byHand !== undefined;
			paragraphs.push(words.call(step.call, names.of(step.forward.value), isByHand));
		} else {
			const number = shares.length > 1 ? shares.indexOf(step) + 1 : null;
			const told = stepContext(derived, step, names, sizes, number);
			if (told.formulas !== null) {
				differentials.push(`${told.outTangent} = ${told.formulas.differential}`);
			}
			paragraphs.push(...stepParagraphs(told, context));
		}
		const isLast = !path.slice(i + 1).some(({ input }) => input === step.input);
		if (isLast && shares.length > 1) {
			const sum = shares.map((_, n) => names.share(step.input, n + 1)).join(" + ");
			const line = `${names.gradient(step.input)} = ${sum}`;
			paragraphs.push(words.fanOut(names.of(step.input), shares.length, line));
		}
	}
	const earlier = earlierIn(statement, derived).map(symbols);
	const unsaid = earlier.filter((symbol) => !isSaid(symbol, paragraphs));
	const line = `${symbols(variable)} = ${sizedLatex(statement, symbols, sizes)}`;
	if (path.length > 1) paragraphs.push(words.together(line));
	else if (path.length === 1 && !isSaid(line, paragraphs)) paragraphs.push(words.simplified(line));
	if (path.length > 0 && unsaid.length > 0) paragraphs.push(words.earlier(unsaid));
	return { from: from.map((line) => line.variable), paragraphs, differentials };
}

function isSaid(formula: string, paragraphs: readonly string[]): boolean {
	return paragraphs.some((text) => text.includes(formula));
}

/** What is said of one map: its rule where that first occurs, later only what it comes to. */
function stepParagraphs(c: StepContext, { words, told, lang }: LineContext): readonly string[] {
	if (c.isIdentity) return words.identity(c);
	const side = c.kind === "matrixProduct" ? ` ${c.argument} ${c.factors}` : "";
	const kind = c.kind + side + (c.kind === "elementwise" && c.isNumber ? " of a number" : "");
	const rule = `${kind} ${c.op} ${c.argument}`;
	const isKnown = told.ops.has(rule);
	const paragraphs: string[] = [];
	if (isKnown) paragraphs.push(words.again(c));
	else if (told.kinds.has(kind)) paragraphs.push(words.alike[c.kind](c));
	else paragraphs.push(...words.rules[c.kind](c));
	if (c.proof !== null && !told.ops.has(c.op)) paragraphs.push(c.proof[lang]);
	told.kinds.add(kind);
	told.ops.add(rule).add(c.op);
	if (c.product !== null && (c.product.isOnly || !isKnown))
		paragraphs.push(words.shapes(c.product));
	if (c.remark !== null) paragraphs.push(c.remark[lang]);
	return paragraphs;
}

/** The values of the forward pass whose gradients are lines above, and what those are called. */
function gradientsAbove(
	statement: Statement,
	{ backward }: Derived,
	symbols: Symbols,
): Map<Value, string> {
	const known = new Map<Value, string>();
	for (const { variable, reason } of backward.slice(0, backward.indexOf(statement))) {
		const of = reason.kind === "gradient" || reason.kind === "term" ? reason.of : null;
		if (of !== null && !known.has(of)) known.set(of, symbols(variable));
	}
	return known;
}

function valueNamed({ arguments: args, forward }: Derived, name: string): Value {
	const line = forward.find(({ variable }) => variable === name);
	return line?.value ?? args.find((argument) => argument.name === name)!.value;
}

/** The lines that use a term, and how often they do in all. */
function usesOf({ variable }: Statement, { backward }: Derived, symbols: Symbols) {
	const counts = backward.map(
		({ expression }) => namesIn(expression).filter((name) => name === variable).length,
	);
	const lines = backward.filter((_, i) => counts[i]! > 0).map((line) => symbols(line.variable));
	return { lines, uses: counts.reduce((total, count) => total + count, 0) };
}

function namesIn(expression: LineExpression): string[] {
	if (expression.kind === "name") return [expression.name];
	return expression.kind === "application" ? expression.args.flatMap(namesIn) : [];
}

/** The backward lines that the text of a line refers to. */
function earlierIn({ expression }: Statement, { backward }: Derived): string[] {
	const own = new Set(backward.map(({ variable }) => variable));
	return [...variablesIn(expression).keys()].filter((name) => own.has(name));
}
