import type { Instruction, Value } from "../program/program.ts";
import type { Expression } from "./expression.ts";
import { applied, type Reads } from "./reads.ts";
import { type Access, numberOf } from "./view.ts";

/** What a loop reads, and how it computes its values. */
export interface Expressions {
	/**
	 * The inputs of the loop, after those that were given: what the expressions asked for so far
	 * read.
	 */
	readonly accesses: readonly Access[];
	readonly expressionOf: (value: Value) => Expression;
}

/**
 * Elementwise instructions as expressions of what they read from outside; those given are inputs
 * and not computed.
 */
export function expressionsOf(
	members: readonly Instruction[],
	given: readonly Instruction[],
	accessOf: (value: Value) => Access,
	readsOf: Reads,
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
	const expressionOfAccess = (access: Access): Expression => {
		const step = access.base as Instruction;
		let expression = known.get(step);
		if (expression === undefined && inside.has(step)) {
			expression = applied(step, readsOf(step).map(expressionOfAccess));
			known.set(step, expression);
		}
		return expression ?? input(access);
	};
	return { accesses, expressionOf: (value) => expressionOfAccess(accessOf(value)) };
}

function isSame(a: Access, b: Access): boolean {
	return a.base === b.base && a.offset === b.offset && a.strides.join() === b.strides.join();
}
