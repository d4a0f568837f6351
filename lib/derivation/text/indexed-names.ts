import { loopsOf, statementsIn } from "../draft/blocks.ts";
import type { Derived, LineExpression } from "../draft/model.ts";
import { symbolLatex } from "./latex-symbols.ts";

/** A symbol with an index, beside those that it has. */
export function indexed(symbol: string, index: readonly string[]): string {
	if (index.length === 0) return symbol;
	const all = index.join(",");
	const own = /^(.*_\{)([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}$/.exec(symbol);
	return own === null ? `${symbol}_{${all}}` : `${own[1]}${own[2]},${all}}`;
}

/** What variables are called at the steps of loops. */
export class IndexedNames {
	/** How a variable is written outside of loops. */
	readonly plain: (variable: string) => string;
	private readonly derived: Derived;
	private readonly result: string;
	private readonly gradientOf = new Map<string, string>();
	/** Variables that already end with the index, h_t, without it. */
	private readonly short = new Map<string, string>();
	/** The symbols of what has no index. */
	private readonly taken: Set<string>;
	private readonly bracketed = new Set<string>();

	constructor(derived: Derived, plain: (variable: string) => string, result: string) {
		this.derived = derived;
		this.plain = plain;
		this.result = result;
		for (const { variable, gradientOf } of derived.backward) {
			if (gradientOf !== null) this.gradientOf.set(variable, gradientOf);
		}
		const names = [...derived.arguments, ...derived.constants].map(({ name }) => name);
		const lines = derived.forward.map(({ variable }) => variable);
		this.taken = new Set([...names, ...lines].map((name) => symbolLatex(name)));
		for (const { starts, body, index } of loopsOf(derived)) {
			for (const { variable } of [...starts, ...statementsIn(body)]) {
				const short = symbolLatex(variable.slice(0, -1 - index.length));
				if (!variable.endsWith(`_${index}`) || this.taken.has(short)) continue;
				this.short.set(variable, short);
				this.taken.delete(symbolLatex(variable));
				this.taken.add(short);
			}
		}
	}

	/** Whether an argument that a variable starts from is written as that variable at its start. */
	startsAs(variable: string, from: string): boolean {
		const start = this.derived.forward.find((line) => line.variable === variable)?.expression;
		return start?.kind === "name" && symbolLatex(start.name) === this.startOf(variable, from);
	}

	private startOf(variable: string, from: string): string {
		return indexed(this.short.get(variable) ?? symbolLatex(variable), [from]);
	}

	/** How often the lines forward read what is written as a variable at its start. */
	uses(name: string, from: string): number {
		const text = this.startOf(name, from);
		const count = (x: LineExpression): number =>
			x.kind === "application"
				? x.args.reduce((sum, arg) => sum + count(arg), 0)
				: x.kind === "name" && symbolLatex(x.name) === text
					? 1
					: 0;
		return this.derived.forward.reduce((sum, { expression }) => sum + count(expression), 0);
	}

	gradient(symbol: string): string {
		return `\\frac{\\partial ${this.result}}{\\partial ${symbol}}`;
	}

	/** A variable of a loop at a step. */
	indexed(variable: string, index: readonly string[]): string {
		if (index.length === 0) return this.plain(variable);
		const of = this.gradientOf.get(variable);
		return of === undefined ? this.at(variable, index) : this.gradient(this.at(of, index));
	}

	/** With the step in brackets where that would be the symbol of another variable. */
	at(variable: string, index: readonly string[]): string {
		const symbol = this.short.get(variable) ?? symbolLatex(variable);
		const made = indexed(symbol, index);
		const isStart = index.length === 1 && this.startsAs(variable, index[0]!);
		if (!this.bracketed.has(variable) && (isStart || !this.taken.has(made))) return made;
		return indexed(symbol, [...index.slice(0, -1), `(${index.at(-1)})`]);
	}

	/** Writes the steps of a variable in brackets where one looks like another variable. */
	keepApart(variable: string, indices: readonly (readonly string[])[]): void {
		const symbol = this.short.get(variable) ?? symbolLatex(variable);
		if (indices.some((index) => this.taken.has(indexed(symbol, index)))) {
			this.bracketed.add(variable);
		}
	}
}
