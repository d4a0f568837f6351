import type { Instruction, Value } from "../program/program.ts";
import type { Expression } from "../wasm/elementwise/expression.ts";
import { type Access, numberOf } from "./accesses.ts";
import { expressionOf } from "./lowering.ts";

/** What a loop reads, and the expression of each member. */
export interface Expressions {
	/** The inputs of the loop, after those of the values that were given. */
	readonly accesses: readonly Access[];
	readonly expressionOf: (step: Instruction) => Expression;
}

/** Elementwise instructions as expressions of what they read from outside; those given are inputs and not computed. */
export function expressionsOf(
	members: readonly Instruction[],
	given: readonly Instruction[],
	accessOf: (value: Value) => Access,
): Expressions {
	const accesses: Access[] = [];
	const known = new Map<Value, Expression>();
	for (const [index, step] of given.entries()) known.set(step, { kind: "input", index });
	const inside = new Set<Value>(members);

	const input = (access: Access): Expression => {
		const number = numberOf(access);
		const { dtype } = access.base.type;
		if (number !== null) return { kind: "constant", value: number, dtype };
		const before = accesses.findIndex((other) => isSame(other, access));
		const index = before >= 0 ? before : accesses.push(access) - 1;
		return { kind: "input", index: given.length + index };
	};
	const expressionFor = (value: Value): Expression => {
		const access = accessOf(value);
		const step = access.base as Instruction;
		let expression = known.get(step);
		if (expression === undefined && inside.has(step)) {
			expression = expressionOf(step, step.inputs.map(expressionFor));
			known.set(step, expression);
		}
		return expression ?? input(access);
	};
	for (const step of members) expressionFor(step);
	return { accesses, expressionOf: (step) => known.get(step)! };
}

function isSame(a: Access, b: Access): boolean {
	return a.base === b.base && a.offset === b.offset && a.strides.join() === b.strides.join();
}
