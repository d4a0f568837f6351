import { type DefinedFunction, inOrder, operandsOf, type Term } from "./scalar.ts";

/** How the texts of the parts of a formula are put together. */
export interface Style {
	/** A form of the texts of its operands, with the brackets that are needed. */
	readonly embed: (form: (args: readonly string[]) => string, args: readonly string[]) => string;
	readonly numeral: (value: number) => string;
	/**
	 * A form for a term in particular, which shows its first operand and no other; null for one that
	 * has none.
	 */
	readonly special: (term: Term) => ((args: readonly string[]) => string) | null;
	/** What a function is called that JavaScript lacks. */
	readonly nameOf: (f: DefinedFunction) => string;
	/** Whether what stands in several places is computed in statements before. */
	readonly keeps: boolean;
}

/** For engines, which do not mind brackets. */
export const forEngines: Style = {
	embed: (form, args) => `(${form(args)})`,
	numeral: (value) => (Object.is(value, -0) ? "-0" : String(value)),
	special: () => null,
	nameOf: ({ name }) => name,
	keeps: true,
};

/** How often the text of a term shows each of its parts. */
export function usesIn(term: Term, style: Style): Map<Term, number> {
	const count = new Map<Term, number>();
	for (const operand of inOrder(term).flatMap((part) => shownBy(part, style))) {
		count.set(operand, (count.get(operand) ?? 0) + 1);
	}
	return count;
}

function shownBy(term: Term, style: Style): readonly Term[] {
	const operands = operandsOf(term);
	return style.special(term) === null ? operands : operands.slice(0, 1);
}

/** A term in JavaScript: statements for what its text shows more than once, and an expression. */
export interface Written {
	readonly statements: readonly string[];
	readonly value: string;
}

/** Writes a term of arguments with these texts. */
export function written(term: Term, args: readonly string[], style = forEngines): Written {
	const count = usesIn(term, style);
	const statements: string[] = [];
	const texts = new Map<Term, string>();
	for (const part of inOrder(term)) {
		const operands = shownBy(part, style).map((operand) => texts.get(operand)!);
		const text = textOf(part, operands, args, style);
		const isShort = !style.keeps || part.kind === "constant" || /^\w+$/.test(text);
		if (isShort || (count.get(part) ?? 0) < 2) {
			texts.set(part, text);
			continue;
		}
		const name = `t${statements.length || ""}`;
		statements.push(`const ${name} = ${text};`);
		texts.set(part, name);
	}
	return { statements, value: texts.get(term)! };
}

function textOf(
	term: Term,
	operands: readonly string[],
	args: readonly string[],
	style: Style,
): string {
	if (term.kind === "argument") return args[term.index]!;
	if (term.kind === "constant") {
		return term.type === "number" ? style.numeral(term.value) : String(term.value === 1);
	}
	const special = style.special(term);
	if (special !== null) return style.embed(special, operands);
	const call = (name: string) => style.embed((x) => `${name}(${x.join(", ")})`, operands);
	if (term.kind === "call" && "term" in term.of) return call(style.nameOf(term.of));
	const { name, operator } = term.of;
	if (operator === undefined) return call(`Math.${name}`);
	return style.embed(([x, y, z]) => {
		if (z !== undefined) return `${x} ? ${y} : ${z}`;
		return y === undefined ? operator + x : `${x} ${operator} ${y}`;
	}, operands);
}

/** The functions that a term calls and JavaScript lacks, each after those that it calls itself. */
export function helpersOf(term: Term): DefinedFunction[] {
	const called = inOrder(term).flatMap((part) =>
		part.kind === "call" && "term" in part.of ? [...helpersOf(part.of.term()), part.of] : [],
	);
	return [...new Set(called)];
}

/**
 * The definition of such a function, line by line; `type` is what stands after each name of a
 * number.
 */
export function definition(f: DefinedFunction, style = forEngines, type = ""): string[] {
	const params = ["x", "y", "z"].slice(0, f.arity);
	const { statements, value } = written(f.term(), params, style);
	return [
		`function ${style.nameOf(f)}(${params.map((param) => param + type).join(", ")})${type} {`,
		...[...statements, `return ${value};`].map((line) => `  ${line}`),
		"}",
	];
}
