import type { LineExpression, Name } from "../draft/model.ts";
import { symbolLatex } from "./latex-symbols.ts";

/** The place of a loop as a number in Python and JavaScript: `t`, or `t + 1`. */
export function placeText({ name, from }: Name): string {
	return moreThan(name, from!);
}

/** The same in mathematics, which counts the steps of a loop from 1. */
export function placeLatex({ name, from }: Name): string {
	return moreThan(symbolLatex(name), from! - 1);
}

function moreThan(index: string, more: number): string {
	return more === 0 ? index : `${index} ${more < 0 ? "-" : "+"} ${Math.abs(more)}`;
}

/** The place of a loop of which an expression is a cast; null for any other expression. */
export function castPlace(expression: LineExpression): Name | null {
	if (expression.kind !== "application" || expression.op.lowering !== "cast") return null;
	const [x] = expression.args;
	return x?.kind === "name" && x.from !== undefined ? x : null;
}
