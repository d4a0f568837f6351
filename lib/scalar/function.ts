import { lazyTerm } from "./formula.ts";
import {
	asTerm,
	type NativeFunction,
	type Scalar,
	type ScalarFunction,
	type ScalarLike,
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

/** What is said of a function of JavaScript's beside its name. */
interface NativeOptions<Args extends readonly ScalarLike[]> {
	readonly operator?: NativeFunction["operator"];
	/** Left out: the function of `Math`. */
	readonly evaluate?: NativeFunction["evaluate"];
	/** The short form for results of float32. */
	readonly short?: FormulaOf<Args>;
}

/** A function of JavaScript's. */
/* @__NO_SIDE_EFFECTS__ */
export function native<Args extends readonly ScalarLike[]>(
	name: string,
	{ operator, evaluate = Math[name as "exp"], short }: NativeOptions<Args> = {},
): (...args: Args) => Scalar {
	const arity = evaluate.length;
	return calling({ name, arity, operator, evaluate, ...shortForm(short, arity) });
}

/**
 * A function by its formula.
 * @param short the short form for results of float32, where that is not made of those of functions
 */
/* @__NO_SIDE_EFFECTS__ */
export function defined<Args extends readonly ScalarLike[]>(
	name: string,
	formula: FormulaOf<Args>,
	short?: FormulaOf<Args>,
): (...args: Args) => Scalar {
	const arity = formula.length;
	return calling({ name, arity, term: lazyTerm(formula, arity), ...shortForm(short, arity) });
}

function shortForm<Args extends readonly ScalarLike[]>(
	formula: FormulaOf<Args> | undefined,
	arity: number,
): Pick<ScalarFunction, "short"> {
	return formula === undefined ? {} : { short: lazyTerm(formula, arity) };
}
