import type { TensorType } from "../../core/op.ts";
import type { Probe } from "../../program/probe.ts";
import type { Instruction, Value } from "../../program/program.ts";
import type { Derived, PullbackStep, Statement } from "../draft/model.ts";
import { ProbedWriter } from "../draft/probed-writer.ts";
import type { Lang } from "../text/headings.ts";
import { type Symbols, sizedLatex, symbolsOf } from "../text/latex.ts";
import { shapeLatex } from "../text/latex-symbols.ts";
import { SizeWriter } from "../text/size-writer.ts";
import { chinese } from "./chinese.ts";
import type { StepContext, Words } from "./context.ts";
import { english } from "./english.ts";
import { ruleFormulas } from "./rule-formulas.ts";

const WORDS: Readonly<Record<Lang, Words>> = { en: english, zh: chinese };

/** Letters for the parts of a line that have no name of their own. */
const LETTERS = [..."uvstrpefabcd"];

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
}

/** The explanation of every backward line, as a teacher would give it. */
export function explain(
	derived: Derived,
	lang: Lang,
	{ sizes = new SizeWriter(derived.sizes), each = false }: ExplainOptions = {},
): Map<Statement, LineExplanation> {
	const words = WORDS[lang];
	const symbols = symbolsOf(derived);
	const told = each ? null : new Set<string>();
	return new Map(
		derived.backward.map((statement) => [
			statement,
			explainLine(derived, statement, { words, symbols, sizes, told }),
		]),
	);
}

interface LineOptions {
	readonly words: Words;
	readonly symbols: Symbols;
	readonly sizes: SizeWriter;
	readonly told: Set<string> | null;
}

function explainLine(
	derived: Derived,
	statement: Statement,
	{ words, symbols, sizes, told }: LineOptions,
): LineExplanation {
	const { reason, gradientOf } = statement;
	const of = symbols(gradientOf ?? statement.variable);
	if (reason.kind === "unused")
		return { from: [], paragraphs: [words.unused(of)], differentials: [] };
	if (reason.kind !== "gradient") return { from: [], paragraphs: [words.term], differentials: [] };
	const names = new LineNames(derived, reason.steps, symbols, sizes);
	const from = [...new Set(reason.steps.map((step) => step.statement))];
	const paragraphs = from.map((line) =>
		words.from(
			`${symbols(line.variable)} = ${sizedLatex(line, symbols, sizes)}`,
			names.partsOf(line),
		),
	);
	const differentials: string[] = [];
	for (const step of reason.steps) {
		if (step.call !== null) {
			const isByHand = step.forward.op.traits?.byHand !== undefined;
			paragraphs.push(words.call(step.call, names.of(step.forward.value), isByHand));
			continue;
		}
		const context = contextOf(derived, step, names, sizes);
		const { kind, formulas, outTangent } = context;
		if (formulas !== null) differentials.push(`${outTangent} = ${formulas.differential}`);
		const key = kind === "matrixProduct" ? `${kind} ${context.argument}` : kind;
		if (context.isIdentity) paragraphs.push(...words.identity(context));
		else if (told?.has(key) && kind !== "own") paragraphs.push(words.again(context));
		else paragraphs.push(...words.rules[kind](context));
		if (!context.isIdentity) told?.add(key);
		if (context.product !== null) paragraphs.push(words.shapes(context.product));
		const { remark } = context;
		if (remark !== null) paragraphs.push(remark[words === chinese ? "zh" : "en"]);
	}
	const shares = reason.steps.filter((step) => names.argumentText(step) === of).length;
	if (shares > 1) paragraphs.push(words.fanOut(of, shares));
	if (reason.steps.length > 1) {
		paragraphs.push(
			words.together(`${symbols(statement.variable)} = ${sizedLatex(statement, symbols, sizes)}`),
		);
	}
	return { from: from.map(({ variable }) => variable), paragraphs, differentials };
}

/** What the values of a line and of its parts are called in mathematics. */
class LineNames {
	private readonly texts = new Map<Value, string>();
	private readonly letters: string[];
	private readonly parts = new Map<Statement, Value[]>();
	private readonly writer: ProbedWriter;
	private readonly result: Value;
	private readonly sizes: SizeWriter;

	constructor(
		derived: Derived,
		steps: readonly PullbackStep[],
		symbols: Symbols,
		sizes: SizeWriter,
	) {
		this.sizes = sizes;
		const { arguments: args, constants, forward } = derived;
		for (const { name, value } of [...args, ...constants]) this.texts.set(value, symbols(name));
		for (const { variable, value } of forward) this.texts.set(value, symbols(variable));
		this.result = forward.at(-1)!.value;
		const used = new Set(this.texts.values());
		this.letters = LETTERS.filter((letter) => !used.has(letter));
		for (const { statement, forward: application, input } of steps.toReversed()) {
			for (const value of [input, application.value]) {
				if (this.texts.has(value)) continue;
				this.texts.set(value, this.letters.shift() ?? `u_{${this.texts.size}}`);
				this.parts.set(statement, [...(this.parts.get(statement) ?? []), value]);
			}
		}
		this.writer = new ProbedWriter(this.texts, derived.sizes.probes);
	}

	/** The definitions of the letters in a line: `u = x - y`. */
	partsOf(line: Statement): string[] {
		return (this.parts.get(line) ?? []).map(
			(value) =>
				`${this.of(value)} = ${sizedLatex(this.writer.definition(value), (text) => text, this.sizes)}`,
		);
	}

	of(value: Value, at?: (probe: Probe) => Value | null): string {
		return (
			this.texts.get(value) ??
			sizedLatex(this.writer.reference(value, at), (text) => text, this.sizes)
		);
	}

	/**
	 * An argument of an application, which at the probes is found through that: one constant may be
	 * several arguments.
	 */
	inputOf(application: Instruction, i: number): string {
		const at = (probe: Probe) => {
			const there = probe.at(application);
			return there?.kind === "instruction" ? there.inputs[i]! : null;
		};
		return this.of(application.inputs[i]!, at);
	}

	argumentText({ forward, argument, input }: PullbackStep): string {
		// A function that was called as a whole has other arguments than the op that ends it.
		const isOwn = forward.value.inputs[argument] === input;
		return isOwn ? this.inputOf(forward.value, argument) : this.of(input);
	}

	/** ∂L/∂value; that of the result itself is 1. */
	gradient(value: Value): string {
		if (value === this.result) return "1";
		return `\\frac{\\partial ${this.of(this.result)}}{\\partial ${this.of(value)}}`;
	}
}

function contextOf(
	derived: Derived,
	step: PullbackStep,
	names: LineNames,
	sizes: SizeWriter,
): StepContext {
	const { forward, argument, input } = step;
	const { op, params, value } = forward;
	const args = value.inputs.map((_, i) => names.inputOf(value, i));
	const [arg, out] = [args[argument]!, names.of(value)];
	const [tangent, cotangent] = [differentialOf(arg), names.gradient(value)];
	const site = { op, params, types: typesOf(value), args, out, argument, tangent, cotangent };
	const elsewhere = derived.sizes.probes.flatMap((probe) => {
		const there = probe.at(value);
		if (there?.kind !== "instruction") return [];
		return [{ ...site, params: there.params, types: typesOf(there) }];
	});
	const formulas = ruleFormulas(site, elsewhere, sizes);
	return {
		kind: op.rule ?? "own",
		arg,
		out,
		tangent,
		outTangent: differentialOf(out),
		gradient: names.gradient(input),
		cotangent,
		formulas,
		isIdentity: formulas?.differential === tangent && formulas.transposed === cotangent,
		args,
		argument,
		shape: shapeLatex(derived.axesOf(input)),
		outShape: shapeLatex(derived.axesOf(value)),
		product: op.rule === "matrixProduct" ? productShapes(derived, step) : null,
		remark: op.remark?.(args) ?? null,
	};
}

function typesOf({ inputs }: Instruction): TensorType[] {
	return inputs.map(({ type }) => type);
}

/** The differential of a variable: dx, and with a space before a word, d loss. */
function differentialOf(text: string): string {
	return `\\mathrm{d}${text.startsWith("\\mathrm") ? "\\;" : ""}${text}`;
}

/** The shapes of the product that the transpose of a matrix product is: ∂Y·Wᵀ or Xᵀ·∂Y. */
function productShapes(
	{ axesOf }: Derived,
	{ forward, argument }: PullbackStep,
): StepContext["product"] {
	const [x, w] = forward.value.inputs.map(axesOf);
	const y = axesOf(forward.value);
	if (x?.length !== 2 || w?.length !== 2) return null;
	const [left, right] = argument === 0 ? [y, w.toReversed()] : [x.toReversed(), y];
	const result = argument === 0 ? x : w;
	return { left: shapeLatex(left), right: shapeLatex(right), result: shapeLatex(result) };
}
