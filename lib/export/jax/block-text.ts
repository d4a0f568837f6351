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
