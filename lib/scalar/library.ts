import { type Algebra, type ScalarLike, termOf } from "./algebra.ts";
import type { Scalar, Term } from "./scalar.ts";

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
 * A function that formulas call. Code of a backend's own for it may differ from what this says by 2 units in the last place, but
 * not in where the result is 0, infinite or NaN.
 */
export type ScalarFunction = NativeFunction | DefinedFunction;

/* @__NO_SIDE_EFFECTS__ */
function native(
	name: string,
	evaluate: (...x: number[]) => number,
	operator?: "**" | "%",
): NativeFunction {
	return { name, arity: evaluate.length, evaluate, ...(operator && { operator }) };
}

/** A function by its formula. */
/* @__NO_SIDE_EFFECTS__ */
export function defined(
	name: string,
	formula: (s: Algebra, x: Scalar, y: Scalar) => Scalar,
): DefinedFunction {
	const arity = formula.length - 1;
	let term: Term | undefined;
	return {
		name,
		arity,
		term: () => {
			term ??= termOf(formula, arity);
			return term;
		},
	};
}

/** The functions of `Math` that every backend has to have. */
const NATIVE = [
	...([
		"exp",
		"expm1",
		"log",
		"log1p",
		"log2",
		"log10",
		"tanh",
		"sign",
		"sin",
		"cos",
		"tan",
	] as const),
	...(["asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh"] as const),
	...(["atan2", "hypot"] as const),
] as const;

/** The names of the functions of the library. */
export type LibraryName = (typeof NATIVE)[number] | "pow" | "remainder" | "exp2" | "round";

type Binary = "atan2" | "hypot" | "pow" | "remainder";

const natives = Object.fromEntries(
	NATIVE.map((name) => [name, native(name, Math[name])]),
) as Record<(typeof NATIVE)[number], ScalarFunction>;

/** The functions that formulas call by name, as methods of their algebra. The others are in `functions`. */
export const library = {
	...natives,
	/** xʸ as JavaScript has it: in C 1 to the power of NaN or ±∞ is 1, and −1 to ±∞ too, and here NaN. */
	pow: native("pow", Math.pow, "**"),
	/** The remainder of x / y with the sign of x, exactly; NaN for y = 0. */
	remainder: native("remainder", (x, y) => x % y, "%"),
	/** 2ˣ */
	exp2: defined("exp2", (s, x) => s.pow(2, x)),
	/** The nearest whole number; of two equally near the even one; −0 and what is rounded up to it stay negative. */
	round: defined("round", (s, x) => {
		const below = s.floor(x);
		const rest = s.sub(x, below);
		const isEven = s.equal(s.remainder(below, 2), 0);
		return s.select(s.or(s.less(rest, 0.5), s.and(s.equal(rest, 0.5), isEven)), below, s.ceil(x));
	}),
} satisfies Record<LibraryName, ScalarFunction>;

/** The functions of the library, as methods of an algebra. */
export type Library = {
	readonly [Name in LibraryName]: Name extends Binary
		? (x: ScalarLike, y: ScalarLike) => Scalar
		: (x: ScalarLike) => Scalar;
};
