import { lazyTerm } from "./formula.ts";
import {
	asTerm,
	type NativeFunction,
	type Scalar,
	type ScalarFunction,
	type ScalarLike,
	type Two,
} from "./scalar.ts";

// How functions that formulas call are made.

/** The library's own functions. */
const own = new WeakSet<ScalarFunction>();

/** Whether a function is the library's own: it is known by its name, and no other may have that. */
export function isOwnFunction(f: ScalarFunction): boolean {
	return own.has(f);
}

function calling<Args extends readonly ScalarLike[]>(of: ScalarFunction) {
	own.add(of);
	return (...args: Args): Scalar => {
		return { kind: "call", type: "number", of, args: args.map(asTerm) };
	};
}

type FormulaOf<Args extends readonly ScalarLike[]> = (
	...args: { [K in keyof Args]: Scalar }
) => Scalar;

/** The forms of a function for results of float32, which others need not have. */
interface Narrower<Args extends readonly ScalarLike[]> {
	/** The short form. */
	readonly short?: FormulaOf<Args>;
	/** That of single precision, and the one for the difference of two numbers. */
	readonly single?: FormulaOf<Args>;
	readonly ofDifference?: FormulaOf<Two>;
}

/** What is said of a function of JavaScript's beside its name. */
interface NativeOptions<Args extends readonly ScalarLike[]> extends Narrower<Args> {
	readonly operator?: NativeFunction["operator"];
	/** Left out: the function of `Math`. */
	readonly evaluate?: NativeFunction["evaluate"];
}

/** A function of JavaScript's. */
/* @__NO_SIDE_EFFECTS__ */
export function native<Args extends readonly ScalarLike[]>(
	name: string,
	{ operator, evaluate = Math[name as "exp"], ...narrower }: NativeOptions<Args> = {},
): (...args: Args) => Scalar {
	const arity = evaluate.length;
	return calling({ name, arity, operator, evaluate, ...formsOf(narrower, arity) });
}

/** A function by its formula. */
/* @__NO_SIDE_EFFECTS__ */
export function defined<Args extends readonly ScalarLike[]>(
	name: string,
	formula: FormulaOf<Args>,
	narrower: Narrower<Args> = {},
): (...args: Args) => Scalar {
	const arity = formula.length;
	return calling({ name, arity, term: lazyTerm(formula, arity), ...formsOf(narrower, arity) });
}

function formsOf<Args extends readonly ScalarLike[]>(
	{ short, single, ofDifference }: Narrower<Args>,
	arity: number,
): Pick<ScalarFunction, "short" | "single"> {
	return {
		...(short && { short: lazyTerm(short, arity) }),
		...(single && {
			single: {
				whole: lazyTerm(single, arity),
				...(ofDifference && { ofDifference: lazyTerm(ofDifference, 2) }),
			},
		}),
	};
}
