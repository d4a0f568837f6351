import { sizeOf } from "../../core/shape.ts";
import { loopsOf } from "../draft/blocks.ts";
import type { ChoiceBlock, Derived, LoopBlock, Statement } from "../draft/model.ts";
import { shapeComment } from "../text/headings.ts";
import { TYPESCRIPT } from "../text/size-text.ts";
import type { SizeWriter } from "../text/size-writer.ts";
import { forHead, indented } from "./blocks.ts";
import { braced, typescriptArms } from "./choices.ts";
import type { LoopWriter } from "./loops.ts";
import { numberAt, stored } from "./operands.ts";

/** How many places each index of a loop has: at the derived sizes, and at each probe. */
export function placesOf(derived: Derived): ReadonlyMap<string, number>[] {
	const loops = loopsOf(derived);
	return [derived.sizes, ...derived.sizes.probes].map(
		(_, i) => new Map(loops.map(({ index, lengths }) => [index, lengths[i]!])),
	);
}

/** The variables that steps of loops give other values; a typed array that they add to stays. */
export function changedBy({ forward, backward }: Derived): ReadonlySet<string> {
	const changed = [...forward, ...backward].filter(
		({ change, value }) => change === "set" || (change === "adds" && value.type.shape.length === 0),
	);
	return new Set(changed.map(({ variable }) => variable));
}

/** Writes a statement as loops that give its variable its value. */
export function writeStatement(
	writer: LoopWriter,
	{ variable, expression, at, change }: Statement,
	changed: ReadonlySet<string>,
): void {
	const { lines } = writer;
	const { shape } = expression.value.type;
	if (at !== undefined) {
		writer.fill(writer.entryOf(variable, at, shape), "=", writer.read(expression));
	} else if (change === "adds") {
		writer.fill(stored(variable, shape), "+=", writer.read(expression));
	} else if (changed.has(variable)) {
		// What it was may be read here, and another name may stand for it: it is never written over.
		const isNew = change === undefined;
		const into = isNew ? variable : writer.fresh(`next_${variable}`);
		const operand = writer.read(expression, isNew ? undefined : into);
		const number = shape.length === 0 ? numberAt(operand, operand.at([])) : undefined;
		const held =
			number ?? operand.array ?? writer.store(into, operand, isNew ? "let" : "const").array;
		if (held !== variable) lines.push(`${isNew ? "let " : ""}${variable} = ${held};`);
	} else {
		writer.assign(variable, expression);
	}
}

/** A loop: what it starts from, typed arrays for what it stores, and its body for each place. */
export function plainLoop(
	loop: LoopBlock,
	body: readonly string[],
	write: (line: Statement) => readonly string[],
	sizes: SizeWriter,
): string[] {
	const room = loop.stores.map(({ variable, shapes, axes }) => {
		const texts = shapes.map((shape) => `const ${variable} = new Float64Array(${sizeOf(shape)});`);
		return sizes.code(texts, "int32", TYPESCRIPT) + shapeComment(axes);
	});
	return [
		...loop.starts.flatMap(write),
		"",
		...room,
		forHead(loop, sizes),
		...indented(body.slice(1), "  "),
		"}",
	];
}

/** A choice, whose variables are declared before; a test or an index is a number. */
export function plainChoice(
	choice: ChoiceBlock,
	branches: readonly (readonly string[])[],
	writers: readonly LoopWriter[],
	sizes: SizeWriter,
): string[] {
	const { expression, elsewhere } = choice.test;
	const texts = [expression, ...elsewhere].map((each, i) => {
		const operand = writers[i]!.read(each);
		return numberAt(operand, operand.at([]));
	});
	const arms = typescriptArms(choice, sizes.code(texts, "int32", TYPESCRIPT));
	return [
		"",
		...choice.declares.map((variable) => `let ${variable};`),
		...braced(
			arms,
			branches.map((lines) => lines.slice(1)),
		),
	];
}
