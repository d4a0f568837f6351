import { inOrder, operandsOf, type Primitive, type ScalarFunction, type Term } from "./scalar.ts";

type Numbers = (...x: number[]) => number;
type Part = (args: readonly number[]) => number;

/**
 * A term as a function of the numbers of its arguments, without generated code; truth is 1 and 0.
 */
export function termEvaluator(term: Term): Numbers {
	const parts = new Map<Term, Part>();
	const seen = new Set<Term>();
	const shared = new Set<Term>();
	for (const operand of inOrder(term).flatMap(operandsOf)) {
		if (seen.has(operand) && "args" in operand) shared.add(operand);
		seen.add(operand);
	}
	let call = 0;
	for (const part of inOrder(term)) {
		const operands = operandsOf(part).map((operand) => parts.get(operand)!);
		const compute = partOf(part, operands);
		if (!shared.has(part)) {
			parts.set(part, compute);
			continue;
		}
		let [known, value] = [0, 0];
		parts.set(part, (args) => {
			if (known !== call) value = compute(args);
			known = call;
			return value;
		});
	}
	const whole = parts.get(term)!;
	return (...args) => {
		call++;
		return whole(args);
	};
}

function partOf(part: Term, [x, y, z]: readonly Part[]): Part {
	if (part.kind === "argument") return (args) => args[part.index]!;
	if (part.kind === "constant") return () => part.value;
	// Of a choice only what is chosen is computed.
	if (z !== undefined) return (args) => (x!(args) === 1 ? y!(args) : z(args));
	const f = evaluateTerm(part.of);
	return y === undefined ? (args) => f(x!(args)) : (args) => f(x!(args), y(args));
}

/** What a primitive or a function computes of numbers, without generated code. */
export function evaluateTerm(f: Primitive | ScalarFunction): Numbers {
	return "evaluate" in f ? f.evaluate : termEvaluator(f.term());
}
