import { inExpressions, usesOf } from "../../notation/formula.ts";
import { type Style, written } from "../../scalar/javascript.ts";
import { argument, constant, type Term, type Truth } from "../../scalar/scalar.ts";
import {
	isElement,
	type Leaf,
	type Reducing,
	type SliceForm,
	type SlicePass,
	termsIn,
} from "../../scalar/slices.ts";
import { negated, specialized, truthAsNumber } from "../../scalar/specialize.ts";

/** How the loops of a slice are written where they stand. */
export interface SliceWriter {
	readonly nameOf: Style["nameOf"];
	/** A name that is not taken. */
	readonly fresh: (stem: string) => string;
	/** Loops over the elements of a slice around a body. */
	readonly around: (body: readonly string[]) => readonly string[];
	/** The texts of an element of an input, within such loops; and of the first one, outside. */
	readonly element: (input: number) => string;
	readonly first: (input: number) => string;
	/** The position of an element, within them. */
	readonly position: string;
	readonly n: number;
	readonly numbers: readonly number[];
	/** A variable for the only result, where there is no more than one. */
	readonly into?: string | undefined;
}

/** What the loops of a slice come to. */
export interface WrittenSlice {
	readonly lines: readonly string[];
	/** The value, of an element or of the slice. */
	readonly value: string;
}

/** The reducers as JavaScript writes them: what a variable is called and begins with. */
const VARIABLES = {
	total: ["total", "0"],
	product: ["product", "1"],
	greatest: ["greatest", "-Infinity"],
	least: ["least", "Infinity"],
	every: ["every", "1"],
	some: ["some", "0"],
	find: ["found", ""],
	first: ["first", ""],
	value: ["t", ""],
} as const satisfies Record<Reducing["by"], readonly [string, string]>;

/** Whether a form is one reducer, and then something with its result. */
export function isOneResult({ passes }: SliceForm): boolean {
	const results = passes.flatMap((pass) => pass.results);
	return results.length === 1 && VARIABLES[results[0]!.by][1] !== "";
}

/** How often the text of a form shows an element. */
export function usesOfElement(form: SliceForm): number {
	const shown = form.leaves.flatMap((_, index) => {
		return isElement(argument(index), form) ? termsIn(form).map((term) => usesOf(term, index)) : [];
	});
	return shown.reduce((sum, n) => sum + n, 0);
}

/** The loops of a form over one slice. */
export function writeSlice(form: SliceForm, writer: SliceWriter): WrittenSlice {
	const results: string[] = [];
	const style = inExpressions(writer.nameOf);
	const textOf = (leaf: Leaf, element: SliceWriter["element"]): string => {
		switch (leaf.kind) {
			case "result":
				return results[leaf.index] ?? "";
			case "element":
			case "double":
				return element(leaf.index);
			default:
				return writer.position;
		}
	};
	// Sizes and parameters are numbers that may make a formula shorter.
	const known = form.leaves.map((leaf, index): Term => {
		if (leaf.kind === "n") return constant(writer.n);
		if (leaf.kind === "number") return constant(writer.numbers[leaf.index]!);
		return argument(index);
	});
	const write = (term: Term, element = writer.element) => {
		const texts = form.leaves.map((leaf) => textOf(leaf, element));
		return written(specialized(term, known), texts, style).value;
	};
	const statement = (name: string, { by, of }: Reducing): string => {
		switch (by) {
			case "total":
				return of.type === "truth" ? `if (${write(of)}) ${name}++;` : `${name} += ${write(of)};`;
			case "product":
				return `${name} *= ${write(of)};`;
			case "greatest":
				return `${name} = Math.max(${name}, ${write(of)});`;
			case "least":
				return `${name} = Math.min(${name}, ${write(of)});`;
			case "every":
				return `if (${write(negated(of as Truth))}) ${name} = 0;`;
			case "some":
				return `if (${write(of)}) ${name} = 1;`;
			case "find":
				return `if (${name} === ${writer.n} && (${write(of)})) ${name} = ${writer.position};`;
			case "first":
				return `${name} = ${write(of, writer.first)};`;
			case "value":
				return `${name} = ${write(of)};`;
		}
	};
	/** One way over the slice; `declared` where its variables are there already. */
	const pass = (made: readonly (readonly [string, Reducing])[], declared: boolean): string[] => {
		const alone = made.filter(([, { by }]) => by === "first" || by === "value");
		const reduced = made.filter((one) => !alone.includes(one));
		return [
			...alone.map(([name, one]) => `${declared ? "" : "const "}${statement(name, one)}`),
			...reduced.map(([name, { by }]) => {
				const start = by === "find" ? String(writer.n) : VARIABLES[by][1];
				return `${declared ? "" : "let "}${name} = ${start};`;
			}),
			...(reduced.length === 0
				? []
				: writer.around(reduced.map(([name, one]) => statement(name, one)))),
		];
	};
	const lines: string[] = [];
	for (const { unless, passes } of groups(form.passes)) {
		const test = unless === null ? "" : write(negated(unless));
		const parts = passes.map((some) =>
			some.results.map((one) => {
				const stem = one.of.type === "truth" && one.by === "total" ? "count" : VARIABLES[one.by][0];
				const name = writer.into ?? writer.fresh(stem);
				results.push(name);
				return [name, one] as const;
			}),
		);
		const body = parts.flatMap((made) => pass(made, unless !== null));
		if (unless === null) lines.push(...body);
		else {
			const names = parts.flat().map(([name]) => `${name} = 0`);
			lines.push(`let ${names.join(", ")};`, `if (${test}) {`, ...body.map((x) => `  ${x}`), "}");
		}
	}
	return { lines, value: write(asNumber(form)) };
}

/** The value as a number: truth that is a result is one already. */
function asNumber({ value, leaves }: SliceForm): Term {
	if (value.type !== "truth") return value;
	const [x] = value.kind === "apply" ? value.args : [];
	const isResult = x?.kind === "argument" && leaves[x.index]!.kind === "result";
	return isResult ? x : truthAsNumber(value);
}

/** Passes in a row that are needed together. */
function groups(passes: readonly SlicePass[]) {
	const made: { unless: Truth | null; passes: SlicePass[] }[] = [];
	for (const pass of passes) {
		const last = made.at(-1);
		if (last?.unless === pass.unless) last.passes.push(pass);
		else made.push({ unless: pass.unless, passes: [pass] });
	}
	return made;
}
