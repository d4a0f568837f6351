import { generated } from "../../../kernels/generated.ts";
import { written } from "../../../scalar/javascript.ts";
import { termEvaluator } from "../../../scalar/numbers.ts";
import { inOrder, type Term } from "../../../scalar/scalar.ts";

/**
 * A term as a function of so many numbers, truth as 1 and 0: generated, or where that is forbidden
 * an evaluation that gives the same, slower.
 */
export function termFunction(term: Term, arity: number): (...x: number[]) => number {
	const names = Array.from({ length: arity }, (_, i) => `x${i}`);
	const truths = new Set(
		inOrder(term).flatMap((part) =>
			part.kind === "argument" && part.type === "truth" ? [part.index] : [],
		),
	);
	const texts = names.map((name, i) => (truths.has(i) ? `(${name} === 1)` : name));
	const { statements, value } = written(term, texts);
	const source = `return function term(${names}) { ${statements.join(" ")} return ${value}; }`;
	return generated([term], source, () => termEvaluator(term));
}
