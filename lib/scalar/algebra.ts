import { asOwn, library } from "./library.ts";
import { givesTruth, type Primitive, primitives } from "./primitives.ts";
import {
	type Argument,
	constant,
	type DefinedFunction,
	type Scalar,
	type ScalarFunction,
	type Term,
	type Truth,
} from "./scalar.ts";

/** A number in a formula: a part of it, or a number that is the same for all elements. */
export type ScalarLike = Scalar | number;

type Binary = "atan2" | "hypot" | "pow" | "remainder";

/**
 * JavaScript's functions, at −0 and NaN too: `pow(x, 0)` is 1 whatever x is, and `hypot` is ∞ where
 * one argument is ±∞.
 */
type Functions = {
	readonly [Name in keyof typeof library]: Name extends Binary
		? (x: ScalarLike, y: ScalarLike) => Scalar
		: (x: ScalarLike) => Scalar;
};

/**
 * What a formula is written with. Numbers are float64, and a NaN in gives a NaN out unless it says
 * otherwise; truth is what comparisons give, and is no number. Besides the primitives there are the
 * functions of the library: `s.exp(x)`.
 */
export interface Algebra extends Functions {
	/** x + y. */
	add(x: ScalarLike, y: ScalarLike): Scalar;
	/** x − y. */
	sub(x: ScalarLike, y: ScalarLike): Scalar;
	/** x · y; 0 · ∞ is NaN. */
	mul(x: ScalarLike, y: ScalarLike): Scalar;
	/** x / y; x / 0 is ±∞ by the signs of both, 0 / 0 is NaN. */
	div(x: ScalarLike, y: ScalarLike): Scalar;
	/** −x; 0 and −0 become each other. */
	neg(x: ScalarLike): Scalar;
	/** |x|; −0 gives 0. */
	abs(x: ScalarLike): Scalar;
	/** √x, rounded correctly; −0 gives −0, and less than that NaN. */
	sqrt(x: ScalarLike): Scalar;
	/** The greatest whole number that is not above x; −0 and ±∞ stay. */
	floor(x: ScalarLike): Scalar;
	/** The least whole number that is not below x; above −1 that is −0 for what is negative. */
	ceil(x: ScalarLike): Scalar;
	/** The smaller of x and y; −0 is smaller than 0, and NaN if either is. */
	min(x: ScalarLike, y: ScalarLike): Scalar;
	/** The greater of x and y; 0 is greater than −0, and NaN if either is. */
	max(x: ScalarLike, y: ScalarLike): Scalar;
	/** x = y; 0 equals −0, and NaN equals nothing. */
	equal(x: ScalarLike, y: ScalarLike): Truth;
	/**
	 * x ≠ y; true beside NaN. `notEqual(x, 0)` is the truth of a number, `notEqual(x, x)` whether it
	 * is NaN.
	 */
	notEqual(x: ScalarLike, y: ScalarLike): Truth;
	/** x < y; false beside NaN. */
	less(x: ScalarLike, y: ScalarLike): Truth;
	/** x ≤ y; false beside NaN. */
	lessEqual(x: ScalarLike, y: ScalarLike): Truth;
	/** x > y; false beside NaN. */
	greater(x: ScalarLike, y: ScalarLike): Truth;
	/** x ≥ y; false beside NaN. */
	greaterEqual(x: ScalarLike, y: ScalarLike): Truth;
	/** Whether both are true. */
	and(t: Truth, u: Truth): Truth;
	/** Whether at least one is true. */
	or(t: Truth, u: Truth): Truth;
	/** Whether exactly one is true. */
	xor(t: Truth, u: Truth): Truth;
	/** Whether t is false. */
	not(t: Truth): Truth;
	/**
	 * x where t is true, else y, each with its bits; nothing of the other shows, even where that is
	 * NaN.
	 */
	select(t: Truth, x: ScalarLike, y: ScalarLike): Scalar;
	/** 2ˣ. */
	exp2(x: ScalarLike): Scalar;
	/**
	 * The nearest whole number; of two equally near the even one. −0 stays, and so does the sign of
	 * what is rounded to it.
	 */
	round(x: ScalarLike): Scalar;
	/** A function that is not among the methods, one of `scalarFunctions`, of numbers. */
	call(f: ScalarFunction, ...args: ScalarLike[]): Scalar;
}

/** What an op computes of one element of each argument, written with the algebra `s`. */
export type Formula<Args extends readonly Scalar[] = readonly Scalar[]> = (
	s: Algebra,
	...args: Args
) => Term;

const asTerm = (x: Term | number): Term => (typeof x === "number" ? constant(x) : x);

/** A function by its formula. */
/* @__NO_SIDE_EFFECTS__ */
export function defined(
	name: string,
	formula: (s: Algebra, x: Scalar, y: Scalar) => Scalar,
): DefinedFunction {
	const arity = formula.length - 1;
	return asOwn({ name, arity, term: lazyTerm(formula, arity) });
}

/** The functions among the methods that JavaScript lacks. */
export const definedMethods = {
	exp2: defined("exp2", (s, x) => s.pow(2, x)),
	round: defined("round", (s, x) => {
		const below = s.floor(x);
		const rest = s.sub(x, below);
		const isEven = s.equal(s.remainder(below, 2), 0);
		return s.select(s.or(s.less(rest, 0.5), s.and(s.equal(rest, 0.5), isEven)), below, s.ceil(x));
	}),
};

let made: Algebra | undefined;

/**
 * The algebra; made when it is first needed, so that no file computes anything when it is loaded.
 */
function algebra(): Algebra {
	if (made === undefined) {
		const call = (of: ScalarFunction, ...args: (Term | number)[]) => {
			return { kind: "call", type: "number", of, args: args.map(asTerm) };
		};
		const s: Record<string, unknown> = { call };
		for (const primitive of Object.keys(primitives) as Primitive[]) {
			const type = givesTruth(primitive) ? "truth" : "number";
			s[primitive] = (...args: (Term | number)[]) => {
				return { kind: "apply", type, primitive, args: args.map(asTerm) };
			};
		}
		for (const [name, f] of Object.entries({ ...library, ...definedMethods })) {
			s[name] = call.bind(null, f);
		}
		made = s as unknown as Algebra;
	}
	return made;
}

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
	const args = Array.from(
		{ length: arity },
		(_, index): Argument<"number"> => ({ kind: "argument", type: "number", index }),
	);
	return (formula as Formula)(algebra(), ...args);
}
