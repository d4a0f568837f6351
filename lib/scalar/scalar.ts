// A formula as data: what an elementwise op computes of one element of each argument. Everything
// else reads it: loops in JavaScript, vectors in WebAssembly, printed programs.

/** What a part of a formula is: a number, or truth. */
export type ScalarType = "number" | "truth";

/** An argument of the formula. */
export interface ArgumentTerm<T extends ScalarType = ScalarType> {
	readonly kind: "argument";
	readonly type: T;
	readonly index: number;
}

/** The same for all elements; truth is 1 or 0. */
export interface ConstantTerm<T extends ScalarType = ScalarType> {
	readonly kind: "constant";
	readonly type: T;
	readonly value: number;
}

/** The primitives that give a number. */
export type NumberPrimitive =
	| ("add" | "sub" | "mul" | "div" | "neg" | "abs" | "sqrt" | "floor" | "ceil" | "min" | "max")
	| "select";

/** The primitives that give truth. */
export type TruthPrimitive =
	| ("equal" | "notEqual" | "less" | "lessEqual" | "greater" | "greaterEqual")
	| ("and" | "or" | "xor" | "not");

/**
 * What formulas are made of. Every reading agrees with it to the bit where it computes in float64,
 * the sign of a zero included; one NaN is like another.
 */
export interface Primitive {
	readonly name: NumberPrimitive | TruthPrimitive;
	/** What it does to JavaScript's numbers, truth being 1 and 0: this is what it means. */
	readonly evaluate: (...x: number[]) => number;
	/** How JavaScript writes it; undefined: it is the function of `Math` of this name. */
	readonly operator: string | undefined;
}

/** A primitive of parts of the formula. */
export interface PrimitiveTerm<T extends ScalarType = ScalarType> {
	readonly kind: "apply";
	readonly type: T;
	readonly of: Primitive;
	readonly args: readonly Term[];
}

/** A function of JavaScript's, which every backend has to have. */
export interface NativeFunction {
	readonly name: string;
	readonly arity: number;
	readonly evaluate: (...x: number[]) => number;
	/** The operator as which JavaScript writes it; undefined: it is a function of `Math`. */
	readonly operator: "**" | "%" | undefined;
	/**
	 * Its formula where the result is rounded to float32, once and after float64: that is computed in
	 * less time, and off by one unit at most; left out: there is none.
	 */
	readonly short?: () => Term;
	/** Those where its arguments are float32 too; left out: there are none. */
	readonly single?: SingleForms;
}

/**
 * Formulas of which every step is rounded to float32: they are computed in the least time, and off
 * by two units at most.
 */
export interface SingleForms {
	readonly whole: () => Term;
	/** Of the difference of two arguments. */
	readonly ofDifference?: () => Term;
}

/** A function by a formula, which a backend reads where it has no better code for the function. */
export interface DefinedFunction {
	readonly name: string;
	readonly arity: number;
	readonly operator?: undefined;
	readonly term: () => Term;
	/** As of a native function. */
	readonly short?: () => Term;
	readonly single?: SingleForms;
}

/**
 * A function that formulas call. Code of a backend's own for it may differ from what this says by 2
 * units in the last place, but not in where the result is 0, infinite or NaN.
 */
export type ScalarFunction = NativeFunction | DefinedFunction;

/** A function of parts of the formula. */
export interface CallTerm {
	readonly kind: "call";
	readonly type: "number";
	readonly of: ScalarFunction;
	readonly args: readonly Term[];
}

/** A part of a formula that is a number. */
export type Scalar =
	| ArgumentTerm<"number">
	| ConstantTerm<"number">
	| PrimitiveTerm<"number">
	| CallTerm;

/** A part of a formula that is true or false. */
export type Truth = ArgumentTerm<"truth"> | ConstantTerm<"truth"> | PrimitiveTerm<"truth">;

/** A part of a formula. One that stands in several places, the same object, is computed once. */
export type Term = Scalar | Truth;

/** A number in a formula: a part of it, or a number that is the same for all elements. */
export type ScalarLike = Scalar | number;

/** The arguments of what is applied to one number. */
export type One = [x: ScalarLike];
/** The arguments of what is applied to two numbers. */
export type Two = [x: ScalarLike, y: ScalarLike];

/** A number that is the same for all elements. */
export function constant(value: number): Scalar {
	return { kind: "constant", type: "number", value };
}

/** The argument of a formula with this number, counted from 0. */
export function argument(index: number): ArgumentTerm<"number"> {
	return { kind: "argument", type: "number", index };
}

/** A part of a formula, where a plain number stands for one. */
export function asTerm(x: Term | number): Term {
	return typeof x === "number" ? constant(x) : x;
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

/** A term of other operands; the same object where they are the same. */
export function withOperands(term: Term, args: readonly Term[]): Term {
	const isSame = args.every((arg, i) => arg === operandsOf(term)[i]);
	return isSame ? term : ({ ...term, args } as Term);
}

/** A term with others in place of its parts, each after its operands and once. */
export function rewritten(term: Term, change: (part: Term, original: Term) => Term): Term {
	const made = new Map<Term, Term>();
	for (const part of inOrder(term)) {
		const args = operandsOf(part).map((operand) => made.get(operand)!);
		made.set(part, change(withOperands(part, args), part));
	}
	return made.get(term)!;
}

/** A term with others in place of its arguments. */
export function withArguments(term: Term, args: readonly Term[]): Term {
	return rewritten(term, (part) => (part.kind === "argument" ? args[part.index]! : part));
}

/** Whether a term is this number; 0 is not −0. */
export function isNumber(term: Term, value: number): boolean {
	return term.kind === "constant" && term.type === "number" && Object.is(term.value, value);
}
