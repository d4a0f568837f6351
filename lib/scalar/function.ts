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

/** A function of JavaScript's, by default that of `Math`. */
/* @__NO_SIDE_EFFECTS__ */
export function native<Args extends readonly ScalarLike[]>(
	name: string,
	operator?: NativeFunction["operator"],
	evaluate: NativeFunction["evaluate"] = Math[name as "exp"],
): (...args: Args) => Scalar {
	return calling({ name, arity: evaluate.length, operator, evaluate });
}

/** A function by its formula. */
/* @__NO_SIDE_EFFECTS__ */
export function defined<Args extends readonly ScalarLike[]>(
	name: string,
	formula: (...args: { [K in keyof Args]: Scalar }) => Scalar,
): (...args: Args) => Scalar {
	const arity = formula.length;
	return calling({ name, arity, term: lazyTerm(formula, arity) });
}
