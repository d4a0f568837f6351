import type { Value } from "../../program/program.ts";
import { variablesIn } from "../draft/expressions.ts";
import type { Derived, LineExpression, Statement } from "../draft/model.ts";
import type { Lang } from "../text/headings.ts";
import { equationLatex, type Symbols, sizedLatex, symbolsOf } from "../text/latex.ts";
import { symbolLatex } from "../text/latex-symbols.ts";
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
	/** The forward lines that it comes from. */
	readonly from: readonly Statement[];
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
	const context = { derived, lang, words: WORDS[lang], symbols: symbolsOf(derived, sizes), sizes };
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
	const own = symbols(variable, statement);
	const said = (...paragraphs: string[]) => ({ from: [], paragraphs, differentials: [] });
	if (reason.kind === "forward") return said(words.recomputed(own));
	if (reason.kind === "unused") return said(words.unused(symbols(gradientOf ?? variable)));
	if (reason.kind === "sumStart") return said(words.sumStart(own));
	if (reason.kind === "handedOn" && own === sizedLatex(statement, symbols, sizes)) {
		return said(words.handedOn(own, symbols.loops.texts.get(reason.of)!));
	}
	const above = gradientsAbove(statement, derived, symbols);
	const of = reason.kind === "gradient" ? reason.own : reason.of;
	const share = shareOf(statement, context);
	if (of !== null && share !== null) above.set(of, share);
	const received = (value: Value) => reason.received.filter((each) => each.value === value);
	const path =
		of === null
			? []
			: pathTo(
					of,
					reason.steps,
					(value) => value !== of && above.has(value),
					(value) => received(value).length > 0,
				);
	const names = new LineNames(derived, path, symbols, sizes, above);
	const from = [...new Set(path.map((step) => step.statement))];
	const paragraphs = from.map((line) =>
		words.from(
			`${symbols(line.variable, line)} = ${sizedLatex(line, symbols, sizes)}`,
			names.partsOf(line),
		),
	);
	paragraphs.push(...loopParagraphs(statement, names, context));
	if (reason.kind === "term") {
		const gradient = of === null ? null : names.ownGradient(of);
		const uses = usesOf(statement, derived, symbols);
		// Only in a branch has a term a variable whose gradient it is, or is not read by any line.
		if (gradientOf !== null) paragraphs.push(words.inBranch(own));
		else if (uses.lines.length === 0) paragraphs.push(words.decides(own));
		else paragraphs.push(words.term({ name: own, gradient, ...uses }));
	}
	const found = new Set(path.map(({ out }) => out).filter((value) => above.has(value)));
	for (const value of found) {
		const [own, known] = [names.ownGradient(value), names.gradient(value)];
		if (own !== known) paragraphs.push(words.found(own, known));
	}
	const differentials: string[] = [];
	const told = new Set<Value>();
	const tellSum = (value: Value) => {
		told.add(value);
		const shares = path.filter(({ input }) => input === value);
		const others = received(value);
		for (const each of others) {
			if (each.cotangent === null) continue;
			const index = symbolLatex(each.index ?? "");
			paragraphs.push(words.received(each.from, names.of(value), text(each.cotangent), index));
		}
		const count = shares.length + others.length;
		if (count < 2 || others.some(({ cotangent }) => cotangent === null)) return;
		const terms = [
			...shares.map((_, n) => names.share(value, n + 1)),
			...others.map(({ cotangent }) => text(cotangent!)),
		];
		const line = `${names.gradient(value)} = ${terms.join(" + ")}`;
		paragraphs.push(words.fanOut(names.of(value), count, line));
	};
	// What comes back to a value before it goes on through a step.
	const tellReceived = (value: Value) => {
		if (!told.has(value) && received(value).length > 0) tellSum(value);
	};
	const text = (expression: LineExpression) => sizedLatex({ expression }, symbols, sizes);
	for (const [i, step] of path.entries()) {
		const shares = path.filter(({ input }) => input === step.input);
		const count = shares.length + received(step.input).length;
		if (!path.some(({ input }) => input === step.out)) tellReceived(step.out);
		if (step.call !== null) {
			paragraphs.push(words.call(step.call, names.of(step.forward.value)));
		} else {
			const number = count > 1 ? shares.indexOf(step) + 1 : null;
			const told = stepContext(derived, step, names, sizes, number);
			if (told.formulas !== null) {
				differentials.push(`${told.outTangent} = ${told.formulas.differential}`);
			}
			paragraphs.push(...stepParagraphs(told, context));
		}
		const isLast = !path.slice(i + 1).some(({ input }) => input === step.input);
		if (isLast) tellSum(step.input);
	}
	if (of !== null && !told.has(of)) tellSum(of);
	const earlier = earlierIn(statement, derived, symbols);
	const unsaid = earlier.filter((symbol) => !isSaid(symbol, paragraphs));
	const line = `${share ?? own} = ${sizedLatex(statement, symbols, sizes)}`;
	if (path.length > 1) paragraphs.push(words.together(line));
	else if (path.length === 1 && !isSaid(line, paragraphs)) paragraphs.push(words.simplified(line));
	if (path.length > 0 && unsaid.length > 0) paragraphs.push(words.earlier(unsaid));
	if (symbols.loops.sums.has(statement)) {
		const sum = equationLatex(statement, symbols, sizes);
		paragraphs.push(words.sumOverSteps(of === null ? own : names.of(of), sum));
	}
	return { from, paragraphs, differentials };
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
	for (const line of backward.slice(0, backward.indexOf(statement))) {
		const { variable, reason } = line;
		const of = reason.kind === "gradient" || reason.kind === "term" ? reason.of : null;
		if (of !== null && !known.has(of)) known.set(of, symbols(variable, line));
	}
	return known;
}

/**
 * What the line of a loop gives, which need not be all of a gradient: of a sum over the steps the
 * share of one. Null for lines outside of loops.
 */
function shareOf(statement: Statement, { symbols }: LineContext): string | null {
	const own = symbols(statement.variable, statement);
	const loop = symbols.loops.sums.get(statement);
	if (loop !== undefined) {
		return `\\left(${own}\\right)_{${symbols.loops.places.get(loop)!.index}}`;
	}
	return symbols.loops.texts.has(statement) ? own : null;
}

/** What is said of a line because it stands in a loop. */
function loopParagraphs(
	statement: Statement,
	names: LineNames,
	{ words, symbols }: LineContext,
): string[] {
	const { reason, variable } = statement;
	const own = symbols(variable, statement);
	if (reason.kind === "start") {
		if (reason.of === null) return [words.startsFromZero(own)];
		return [words.start(own, names.of(reason.of), reason.isWhole)];
	}
	if (reason.kind === "handedOn") return [words.handedOn(own, names.of(reason.of))];
	const loop = symbols.loops.sums.get(statement);
	if (reason.kind !== "share" || loop === undefined) return [];
	return [words.usedAtEveryStep(names.of(reason.of), symbols.loops.places.get(loop)!.index)];
}

/** The lines that use a term, and how often they do in all. */
function usesOf({ variable }: Statement, { backward }: Derived, symbols: Symbols) {
	const counts = backward.map(
		({ expression }) => namesIn(expression).filter((name) => name === variable).length,
	);
	const lines = backward
		.filter((_, i) => counts[i]! > 0)
		.map((line) => symbols(line.variable, line));
	return { lines, uses: counts.reduce((total, count) => total + count, 0) };
}

function namesIn(expression: LineExpression): string[] {
	if (expression.kind === "name") return expression.from === undefined ? [expression.name] : [];
	return expression.kind === "application" ? expression.args.flatMap(namesIn) : [];
}

/** The backward lines that the text of a line refers to, in LaTeX. */
function earlierIn({ expression }: Statement, { backward }: Derived, symbols: Symbols): string[] {
	const own = new Set(backward.map(({ variable }) => variable));
	const names = [...variablesIn(expression)].filter(([name]) => own.has(name));
	return names.map(([name, value]) => symbols(name, value));
}
