import { indented } from "../../derivation/printers/blocks.ts";
import type { Instruction } from "../../program/program.ts";

/** A function in a function, with room around it. */
export function innerFunction(head: string, body: readonly string[]): string[] {
	return ["", `def ${head}:`, ...indented(body, "    "), ""];
}

/** A tuple in Python. */
export function tupleOf(texts: readonly string[]): string {
	return texts.length === 1 ? `(${texts[0]},)` : `(${texts.join(", ")})`;
}

/** A line that takes a tuple apart, with `_` for what other lines do not read; none for nothing. */
export function unpackedFrom(whole: string, names: readonly string[], read: readonly string[]) {
	const told = names.map((name) => (isReadIn(read, name) ? name : "_"));
	return told.every((name) => name === "_") ? [] : [`${tupleOf(told)} = ${whole}`];
}

/** Whether texts read a variable. */
export function isReadIn(texts: readonly string[], name: string): boolean {
	const word = new RegExp(`(?<![\\w.])${name}(?!\\w)`);
	return texts.some((text) => word.test(text));
}

/** Which arguments a gradient is taken by: all of them. */
export function argumentNumbers(count: number): string {
	return count > 4
		? `tuple(range(${count}))`
		: tupleOf(Array.from({ length: count }, (_, i) => `${i}`));
}

/** A comment with the shape of a value; none for a scalar. */
export function shapeNote({ type: { shape } }: Instruction): string {
	return shape.length === 0 ? "" : `  # (${shape.join(", ")})`;
}

/** `tanhSlope` as Python writes it: `tanh_slope`. */
export function snakeCase(name: string): string {
	return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
