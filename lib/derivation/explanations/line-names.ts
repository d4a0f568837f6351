import type { Probe } from "../../program/probe.ts";
import type { Instruction, Value } from "../../program/program.ts";
import type { Derived, Statement } from "../draft/model.ts";
import { ProbedWriter } from "../draft/probed-writer.ts";
import { type Symbols, sizedLatex } from "../text/latex.ts";
import { symbolLatex } from "../text/latex-symbols.ts";
import type { SizeWriter } from "../text/size-writer.ts";
import type { PathStep } from "./path.ts";

/** Letters for the parts of a line that have no name of their own; more parts get an index each. */
const LETTERS = [..."uvts"];

/** Letters to put an index to; d is the differential, and i to n count elements. */
const INDEXED = [..."uvtsrpqzwyxabcfgh"];

/** What the values of a line and of its parts are called in mathematics. */
export class LineNames {
	private readonly texts = new Map<Value, string>();
	private readonly parts = new Map<Statement, Value[]>();
	private readonly writer: ProbedWriter;
	private readonly result: Value;
	private readonly sizes: SizeWriter;
	private readonly gradients: ReadonlyMap<Value, string>;

	/** @param gradients what the gradients of some values are called */
	constructor(
		derived: Derived,
		path: readonly PathStep[],
		symbols: Symbols,
		sizes: SizeWriter,
		gradients: ReadonlyMap<Value, string>,
	) {
		this.sizes = sizes;
		this.gradients = gradients;
		const { arguments: args, constants, forward } = derived;
		for (const { name, value } of [...args, ...constants]) this.texts.set(value, symbols(name));
		for (const [value, text] of symbols.loops.texts) {
			if (!("reason" in value)) this.texts.set(value, text);
		}
		for (const line of forward) {
			// In loops values have their names already, and what these start from has its own.
			if (symbols.loops.texts.has(line)) continue;
			this.texts.set(line.value, symbols(line.variable));
		}
		this.result = forward.at(-1)!.value;
		const unnamed = new Map<Value, Statement>();
		for (const { statement, input, out } of path) {
			for (const value of [out, input]) {
				if (!this.texts.has(value) && !unnamed.has(value)) unnamed.set(value, statement);
			}
		}
		const order = [...unnamed.keys()].toReversed();
		const indices = [...symbols.loops.places.values()].map(({ index }) => index);
		const letters = lettersFor(order.length, derived, indices);
		for (const [i, value] of order.entries()) {
			this.texts.set(value, letters[i]!);
			const statement = unnamed.get(value)!;
			this.parts.set(statement, [...(this.parts.get(statement) ?? []), value]);
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

	/** ∂L/∂value, or the line above that has it; that of the result itself is 1. */
	gradient(value: Value): string {
		return this.isResult(value) ? "1" : (this.gradients.get(value) ?? this.ownGradient(value));
	}

	/** ∂L/∂value, whatever else it may be called. */
	ownGradient(value: Value): string {
		return `\\frac{\\partial ${this.of(this.result)}}{\\partial ${this.of(value)}}`;
	}

	/** What comes back from one of several places where a value is used. */
	share(value: Value, number: number): string {
		// Of what is a share itself: another index.
		const share = /^(\\left\(.*\\right\)_\{.*)\}$/.exec(this.gradients.get(value) ?? "")?.[1];
		if (share !== undefined) return `${share};\\,${number}}`;
		return `\\left(${this.ownGradient(value)}\\right)_{${number}}`;
	}

	isResult(value: Value): boolean {
		return value === this.result;
	}
}

/** Names for parts of a line, none of which could be taken for a name of the derivation. */
function lettersFor(
	count: number,
	{ arguments: args, constants, forward, sizes }: Derived,
	indices: readonly string[],
) {
	const names = [...args, ...constants].map(({ name }) => name);
	const all = [...names, ...forward.map(({ variable }) => variable), ...sizes.sizes.keys()];
	const taken = new Set(
		[...all.flatMap((name) => name.split("·")).map(symbolLatex), ...indices].map(
			(symbol) => symbol.split("_")[0]!,
		),
	);
	const isFree = (letter: string) => !taken.has(letter) && !taken.has(letter.toUpperCase());
	const free = LETTERS.filter(isFree);
	if (count <= free.length) return free;
	const base = INDEXED.find(isFree) ?? "\\mathrm{part}";
	return Array.from({ length: count }, (_, i) => `${base}_{${i + 1}}`);
}

/** The differential of a variable: dx; with a space before a word, d loss, and before a d. */
export function differentialText(text: string): string {
	return `\\mathrm{d}${/^(\\mathrm|d)/.test(text) ? "\\;" : ""}${text}`;
}
