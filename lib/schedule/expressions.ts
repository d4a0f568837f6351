import { sameShape } from "../core/shape.ts";
import type { Instruction, Value } from "../program/program.ts";
import type { Expression } from "./expression.ts";
import type { Planner } from "./planner.ts";
import { onlyNumber, type View } from "./view.ts";

/** What a loop reads, and how it computes its values. */
export interface Expressions {
	/**
	 * The inputs of the loop, after those that were given: what the expressions asked for so far
	 * read.
	 */
	readonly views: readonly View[];
	readonly expressionOf: (value: Value) => Expression;
	/** Says what the expression of an instruction is, so that what others are made of is the same. */
	readonly know: (step: Instruction, expression: Expression) => void;
}

/**
 * Elementwise instructions as expressions of what they read from outside; those given are inputs
 * and not computed.
 */
export function expressionsOf(
	members: readonly Instruction[],
	given: readonly Instruction[],
	{ viewOf, readsOf, loweredAs }: Pick<Planner, "viewOf" | "readsOf" | "loweredAs">,
): Expressions {
	const views: View[] = [];
	const known = new Map<Value, Expression>();
	for (const [index, step] of given.entries()) known.set(step, { kind: "input", index });
	const inside = new Set<Value>(members);

	const input = (view: View): Expression => {
		const number = onlyNumber(view);
		const { dtype } = view.base.type;
		if (number !== null) return { kind: "constant", value: number, dtype };
		const before = views.findIndex((other) => isSame(other, view));
		const index = before >= 0 ? before : views.push(view) - 1;
		return { kind: "input", index: given.length + index };
	};
	const expressionOfView = (view: View): Expression => {
		const step = view.base as Instruction;
		let expression = known.get(step);
		if (expression === undefined && inside.has(step)) {
			expression = loweredAs(step).value!(step, readsOf(step).map(expressionOfView));
			known.set(step, expression);
		}
		return expression ?? input(view);
	};
	return {
		views,
		expressionOf: (value) => expressionOfView(viewOf(value)),
		know: (step, expression) => known.set(step, expression),
	};
}

/** Whether they show the same elements in the same places; an axis of one element may stretch. */
function isSame(a: View, b: View): boolean {
	return (
		a.base === b.base &&
		a.offset === b.offset &&
		sameShape(a.shape, b.shape) &&
		a.strides.join() === b.strides.join()
	);
}
