import { primitive } from "./primitives.ts";
import { inOrder, operandsOf, type ScalarFunction, type Term } from "./scalar.ts";

/** A term as a function of the numbers of its arguments, without generated code; truth is 1 and 0. */
export function evaluator(term: Term): (...args: number[]) => number {
	const order = inOrder(term);
	return (...args) => {
		const values = new Map<Term, number>();
		for (const part of order) {
			const operands = operandsOf(part).map((operand) => values.get(operand)!);
			values.set(part, computed(part, operands, args));
		}
		return values.get(term)!;
	};
}

function computed(part: Term, operands: readonly number[], args: readonly number[]): number {
	switch (part.kind) {
		case "argument":
			return args[part.index]!;
		case "constant":
			return part.value;
		case "apply":
			return primitive(part.primitive).evaluate(...operands);
		case "call":
			return evaluate(part.of)(...operands);
	}
}

/** What a function computes of numbers, without generated code. */
export function evaluate(f: ScalarFunction): (...args: number[]) => number {
	return "evaluate" in f ? f.evaluate : evaluator(f.term());
}
