import type { DType } from "../core/dtype.ts";
import { termOf } from "../scalar/formula.ts";
import * as s from "../scalar/primitives.ts";
import type { CallTerm, PrimitiveTerm, Scalar, Term } from "../scalar/scalar.ts";
import type { Expression } from "./expression.ts";

/** Applies a primitive or function to expressions, with a result of this dtype. */
export type Operation = (dtype: DType, ...args: readonly Expression[]) => Expression;

/** The terms of primitives and functions of arguments. */
const terms = new WeakMap<object, Term>();

/** The primitive or function of a part of a formula, for expressions. Truth is one of bool. */
/* @__NO_SIDE_EFFECTS__ */
export function operationOf(part: Term): Operation {
	const { of, args: operands } = part as PrimitiveTerm | CallTerm;
	const formula = (...x: Scalar[]) => {
		const isTruth = (i: number) => operands[i]!.type === "truth";
		return { ...part, args: x.map((one, i) => (isTruth(i) ? s.notEqual(one, 0) : one)) } as Term;
	};
	return (dtype, ...args) => {
		const term = terms.get(of) ?? termOf(formula, args.length);
		terms.set(of, term);
		return { kind: "formula", term, args, dtype };
	};
}

// What schedules need besides what formulas say.

/** x + y. */
export const sumOf = operationOf(s.add(0, 0));
/** x ≤ y. */
export const isAtMost = operationOf(s.lessEqual(0, 0));
/** x ≥ y. */
export const isAtLeast = operationOf(s.greaterEqual(0, 0));
/** x where t is true, else y. */
export const choiceOf = operationOf(s.select(s.equal(0, 0), 0, 0));
