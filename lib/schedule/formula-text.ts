import type { DType } from "../core/dtype.ts";
import { literal } from "../notation/call.ts";
import { inExpressions } from "../notation/formula.ts";
import { usesIn, written } from "../scalar/javascript.ts";
import { argument, inOrder, isNumber, operandsOf, type Term } from "../scalar/scalar.ts";
import type { Expression } from "./expression.ts";

/** What a kernel reads, by name. */
export interface Named {
	readonly name: string;
	readonly dtype: DType;
}

/** A part of an expression, or of a formula in it, that has a text. */
interface Part {
	/** Null where that need not be told: of a number, and of the result of a pass. */
	readonly dtype: DType | null;
	/** The parts that the text shows, as often as it does. */
	readonly shown: readonly Part[];
	readonly text: (textOf: (part: Part) => string) => string;
	/** Whether it is a name or a number. */
	readonly isShort: boolean;
	/** Whether its dtype is another than that of what it is made of, so that it has to be told. */
	readonly changesDType: boolean;
}

const STYLE = inExpressions(({ name }) => name);

/** The text of a formula of arguments with these texts. */
export function termText(term: Term, args: readonly string[]): string {
	return written(term, args, STYLE).value.replaceAll("Math.", "");
}

/**
 * The texts of the expressions of a kernel: `max(x0 + x1, 0)`. What stands in several places has a
 * line of its own, before the first of them, and so has what is computed in another dtype than its
 * operands have.
 */
export class FormulaTexts {
	readonly #inputs: readonly Named[];
	readonly #parts = new Map<Expression, Part>();
	readonly #uses = new Map<Part, number>();
	readonly #texts = new Map<Part, string>();
	#lines: string[] = [];
	#named = 0;

	constructor(expressions: readonly Expression[], inputs: readonly Named[]) {
		this.#inputs = inputs;
		for (const expression of expressions) this.#use(this.#partOf(expression));
	}

	/** The text of one of the expressions, and the lines that it needs and that are not there yet. */
	write(expression: Expression): { readonly lines: readonly string[]; readonly text: string } {
		this.#lines = [];
		const text = this.#textOf(this.#partOf(expression));
		return { lines: this.#lines, text };
	}

	#use(part: Part): void {
		const before = this.#uses.get(part) ?? 0;
		this.#uses.set(part, before + 1);
		if (before === 0) for (const operand of part.shown) this.#use(operand);
	}

	#textOf(part: Part): string {
		const known = this.#texts.get(part);
		if (known !== undefined) return known;
		let text = part.text((operand) => this.#textOf(operand));
		if (part.changesDType || (this.#uses.get(part)! > 1 && !part.isShort)) {
			const name = `t${this.#named++}`;
			this.#lines.push(`${name}${part.dtype === null ? "" : `: ${part.dtype}`} = ${text}`);
			text = name;
		}
		this.#texts.set(part, text);
		return text;
	}

	#partOf(expression: Expression): Part {
		const known = this.#parts.get(expression);
		if (known !== undefined) return known;
		const part = this.#made(expression);
		this.#parts.set(expression, part);
		return part;
	}

	#made(expression: Expression): Part {
		switch (expression.kind) {
			case "input": {
				const { name, dtype } = this.#inputs[expression.index]!;
				return leaf(name, dtype);
			}
			case "result":
				return leaf(`v${expression.index}`, null);
			case "position":
				return leaf("position", "int32");
			case "constant":
				return leaf(literal(expression.value), null);
			case "cast": {
				const { dtype } = expression;
				const of = this.#partOf(expression.of);
				return of.dtype === dtype ? of : called([of], dtype, ([x]) => `${dtype}(${x})`);
			}
			case "chance": {
				const parts = [expression.number, expression.probability].map((x) => this.#partOf(x));
				return called(parts, "bool", ([x, p]) => `chance(${x}, ${p})`);
			}
			case "pick": {
				const { number, first, count } = expression;
				return called([this.#partOf(number)], "int32", ([u]) => `pick(${u}, ${first}, ${count})`);
			}
			case "random": {
				const { key, counters, stream, what } = expression;
				const parts = [...key, ...counters].map((x) => this.#partOf(x));
				const list = (texts: readonly string[]) => `[${texts.join(", ")}]`;
				return called(parts, null, (texts) => {
					const [words, rest] = [texts.slice(0, key.length), texts.slice(key.length)];
					return `random(${what}, key ${list(words)}, counters ${list(rest)}, stream ${stream})`;
				});
			}
			case "formula":
				return this.#ofFormula(expression);
		}
	}

	#ofFormula({ term, args, dtype }: Extract<Expression, { kind: "formula" }>): Part {
		const given = args.map((arg) => this.#partOf(arg));
		const parts = new Map<Term, Part>();
		for (const part of inOrder(term)) {
			const operands = operandsOf(part).map((operand) => parts.get(operand)!);
			if (part.kind === "argument") parts.set(part, given[part.index]!);
			else parts.set(part, ofTerm(part, operands, part.type === "truth" ? "bool" : dtype));
		}
		const whole = parts.get(term)!;
		const isOther = given.some(
			(arg) => !(arg.dtype === null || arg.dtype === "bool") && arg.dtype !== dtype,
		);
		return { ...whole, dtype, changesDType: dtype !== "bool" && isOther && !whole.isShort };
	}
}

function leaf(text: string, dtype: DType | null): Part {
	return { dtype, shown: [], text: () => text, isShort: true, changesDType: false };
}

/** Parts in a form that needs no further brackets. */
function called(
	shown: readonly Part[],
	dtype: DType | null,
	form: (texts: readonly string[]) => string,
): Part {
	const text: Part["text"] = (textOf) => form(shown.map(textOf));
	return { dtype, shown, text, isShort: false, changesDType: false };
}

/** A part of a formula, of these operands. */
function ofTerm(term: Term, operands: readonly Part[], dtype: DType): Part {
	if (term.kind === "constant") return leaf(written(term, [], STYLE).value, null);
	// The truth of a bool is the bool itself.
	if (isTruthOfNumber(term) && operands[0]!.dtype === "bool") return operands[0]!;
	const distinct = [...new Set(operands)];
	const places = distinct.map((_, index) => argument(index));
	const args = operandsOf(term).map((operand, i) =>
		operand.kind === "constant" ? operand : places[distinct.indexOf(operands[i]!)]!,
	);
	const shallow = { ...term, args } as Term;
	const uses = usesIn(shallow, STYLE);
	return {
		dtype,
		shown: distinct.flatMap((part, i) => Array<Part>(uses.get(places[i]!) ?? 0).fill(part)),
		text: (textOf) => written(shallow, distinct.map(textOf), STYLE).value.replaceAll("Math.", ""),
		isShort: false,
		changesDType: false,
	};
}

function isTruthOfNumber(term: Term): boolean {
	return term.kind === "apply" && term.of.name === "notEqual" && isNumber(term.args[1]!, 0);
}
