import type { ScalarFunction } from "./library.ts";
import { primitive } from "./primitives.ts";
import { type Constant, inOrder, operandsOf, type Term } from "./scalar.ts";

/** A term as a function of the numbers of its arguments, without generated code; truth is 1 and 0. */
export function evaluator(term: Term): (...args: number[]) => number {
	const order = inOrder(term);
	const steps = order.map((part) => {
		const operands = operandsOf(part).map((operand) => order.indexOf(operand));
		return { part, operands, f: functionOf(part) };
	});
	return (...args) => {
		const values: number[] = [];
		for (const { part, operands, f } of steps) {
			if (part.kind === "argument") values.push(args[part.index]!);
			else values.push(f(...operands.map((at) => values[at]!)));
		}
		return values.at(-1)!;
	};
}

function functionOf(part: Term): (...operands: number[]) => number {
	if (part.kind === "call") return evaluate(part.of);
	return part.kind === "apply"
		? primitive(part.primitive).evaluate
		: () => (part as Constant).value;
}

/** What a function computes of numbers, without generated code. */
export function evaluate(f: ScalarFunction): (...args: number[]) => number {
	return "evaluate" in f ? f.evaluate : evaluator(f.term());
}
