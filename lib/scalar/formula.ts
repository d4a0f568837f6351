import { argument, type Scalar, type Term } from "./scalar.ts";

/** What an op computes of one element of each argument, written with primitives and functions. */
export type Formula<Args extends readonly Scalar[] = readonly Scalar[]> = (...args: Args) => Term;

/** The term of a formula, made when it is first asked for. */
export function lazyTerm(formula: Formula<never>, arity: number): () => Term {
	let term: Term | undefined;
	return () => {
		term ??= termOf(formula, arity);
		return term;
	};
}

/** The term of a formula of so many arguments. */
export function termOf(formula: Formula<never>, arity: number): Term {
	const args = Array.from({ length: arity }, (_, index) => argument(index));
	return (formula as Formula)(...args);
}
