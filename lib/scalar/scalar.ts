import type { Primitive } from "./primitives.ts";

// A formula as data: what an elementwise op computes of one element of each argument. Everything
// else reads it: loops in JavaScript, vectors in WebAssembly, printed programs.

/** What a part of a formula is: a number, or truth. */
export type ScalarType = "number" | "truth";

/** An argument of the formula. */
export interface Argument<T extends ScalarType = ScalarType> {
	readonly kind: "argument";
	readonly type: T;
	readonly index: number;
}

/** The same for all elements; truth is 1 or 0. */
export interface Constant<T extends ScalarType = ScalarType> {
	readonly kind: "constant";
	readonly type: T;
	readonly value: number;
}

/** A primitive of parts of the formula. */
export interface Application<T extends ScalarType = ScalarType> {
	readonly kind: "apply";
	readonly type: T;
	readonly primitive: Primitive;
	readonly args: readonly Term[];
}

/** A function of JavaScript's, which every backend has to have. */
export interface NativeFunction {
	readonly name: string;
	readonly arity: number;
	readonly evaluate: (...x: number[]) => number;
	/** The operator as which JavaScript writes it; left out: it is a function of `Math`. */
	readonly operator?: "**" | "%";
}

/** A function by a formula, which a backend reads where it has no better code for the function. */
export interface DefinedFunction {
	readonly name: string;
	readonly arity: number;
	readonly operator?: undefined;
	readonly term: () => Term;
}

/**
 * A function that formulas call. Code of a backend's own for it may differ from what this says by 2
 * units in the last place, but not in where the result is 0, infinite or NaN.
 */
export type ScalarFunction = NativeFunction | DefinedFunction;

/** A function of parts of the formula. */
export interface Call {
	readonly kind: "call";
	readonly type: "number";
	readonly of: ScalarFunction;
	readonly args: readonly Term[];
}

/** A part of a formula that is a number. */
export type Scalar = Argument<"number"> | Constant<"number"> | Application<"number"> | Call;

/** A part of a formula that is true or false. */
export type Truth = Argument<"truth"> | Constant<"truth"> | Application<"truth">;

/** A part of a formula. One that stands in several places, the same object, is computed once. */
export type Term = Scalar | Truth;

/** A number that is the same for all elements. */
export function constant(value: number): Scalar {
	return { kind: "constant", type: "number", value };
}

/** What a term is made of; nothing for an argument or a constant. */
export function operandsOf(term: Term): readonly Term[] {
	return "args" in term ? term.args : [];
}

/** A term and all that it is made of, each once, and each after its operands. */
export function inOrder(term: Term): Term[] {
	const seen = new Set<Term>();
	const order: Term[] = [];
	const visit = (part: Term): void => {
		if (seen.has(part)) return;
		seen.add(part);
		operandsOf(part).forEach(visit);
		order.push(part);
	};
	visit(term);
	return order;
}

/** Whether a term is this number; 0 is not −0. */
export function isNumber(term: Term, value: number): boolean {
	return term.kind === "constant" && term.type === "number" && Object.is(term.value, value);
}
