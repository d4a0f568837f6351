import type { DType } from "../core/dtype.ts";
import type { Term } from "../scalar/scalar.ts";

/**
 * What is made of the two random words of an element: one of them, or a number in [0, 1) of 24 or
 * of 53 bits.
 */
export type Random = "first word" | "second word" | "single" | "double";

/**
 * What a loop computes for each element. An expression that stands in several places, the same
 * object, is computed once.
 */
export type Expression =
	/** The element of an input, or the result of an earlier pass over the slice. */
	| { readonly kind: "input" | "result"; readonly index: number }
	/** Which element of its slice it is, in row-major order, as int32. */
	| { readonly kind: "position" }
	| { readonly kind: "constant"; readonly value: number; readonly dtype: DType }
	| { readonly kind: "cast"; readonly of: Expression; readonly dtype: DType }
	/** Random words or numbers: see `random`. */
	| {
			readonly kind: "random";
			readonly what: Random;
			readonly key: readonly Expression[];
			readonly counters: readonly Expression[];
			readonly stream: number;
	  }
	/** Whether a random number lies below a probability. */
	| { readonly kind: "chance"; readonly number: Expression; readonly probability: Expression }
	/** first + ⌊number · count⌋ of a random number, in float64, as int32. */
	| {
			readonly kind: "pick";
			readonly number: Expression;
			readonly first: number;
			readonly count: number;
	  }
	/** The formula of an elementwise op, with a result of this dtype. */
	| {
			readonly kind: "formula";
			readonly term: Term;
			readonly args: readonly Expression[];
			readonly dtype: DType;
	  };

/** The formulas in expressions, each once. */
export function formulasIn(expressions: readonly Expression[]): Set<Term> {
	const terms = subexpressions(expressions).flatMap((part) =>
		part.kind === "formula" ? [part.term] : [],
	);
	return new Set(terms);
}

/** The indices of the inputs that expressions read. */
export function inputsIn(expressions: readonly Expression[]): Set<number> {
	const read = subexpressions(expressions).flatMap((part) =>
		part.kind === "input" ? [part.index] : [],
	);
	return new Set(read);
}

/** Expressions and what they are made of, each once. */
export function subexpressions(expressions: readonly Expression[]): Expression[] {
	const seen = new Set<Expression>();
	const visit = (expression: Expression): void => {
		if (seen.has(expression)) return;
		seen.add(expression);
		operandsOf(expression).forEach(visit);
	};
	expressions.forEach(visit);
	return [...seen];
}

function operandsOf(expression: Expression): readonly Expression[] {
	switch (expression.kind) {
		case "formula":
			return expression.args;
		case "cast":
			return [expression.of];
		case "random":
			return [...expression.key, ...expression.counters];
		case "chance":
			return [expression.number, expression.probability];
		case "pick":
			return [expression.number];
		default:
			return [];
	}
}
