import type { DType } from "../core/dtype.ts";
import { termOf } from "../scalar/formula.ts";
import * as library from "../scalar/library.ts";
import * as primitives from "../scalar/primitives.ts";
import type { Scalar, ScalarFunction, Term, Truth } from "../scalar/scalar.ts";
import type { Expression } from "./expression.ts";

/** Applies a primitive or function to expressions, with a result of this dtype. */
type Operation = (dtype: DType, ...args: readonly Expression[]) => Expression;

/** How many of the first operands of a primitive are truth. */
const TRUTHS: Readonly<Record<string, number>> = { and: 2, or: 2, xor: 2, not: 1, select: 1 };

const parts = { ...primitives, ...library };

function operationOf(name: keyof typeof parts): Operation {
	const truths = TRUTHS[name] ?? 0;
	const formula = (...x: Scalar[]) => {
		const operands = x.map((value, i) => (i < truths ? primitives.notEqual(value, 0) : value));
		return (parts[name] as (...args: (Scalar | Truth)[]) => Term)(...operands);
	};
	let term: Term | undefined;
	return (dtype, ...args) => {
		term ??= termOf(formula, args.length);
		return { kind: "formula", term, args, dtype };
	};
}

/**
 * The primitives and functions by name: `operations.add("float64", x, y)`. Truth is an expression
 * of bool.
 */
export const operations = Object.fromEntries(
	Object.keys(parts).map((name) => [name, operationOf(name as keyof typeof parts)]),
) as Readonly<Record<keyof typeof parts, Operation>>;

const terms = new WeakMap<ScalarFunction, Term>();

/** Applies a function of formulas to expressions. */
export function functionOperation(of: ScalarFunction): Operation {
	return (dtype, ...args) => {
		const formula = (...x: Scalar[]): Term => ({ kind: "call", type: "number", of, args: x });
		const term = terms.get(of) ?? termOf(formula, of.arity);
		terms.set(of, term);
		return { kind: "formula", term, args, dtype };
	};
}
