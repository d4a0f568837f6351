import type { DType } from "../core/dtype.ts";
import { type Algebra, termOf } from "../scalar/algebra.ts";
import { library } from "../scalar/library.ts";
import { type Primitive, primitives } from "../scalar/primitives.ts";
import type { Scalar, Term, Truth } from "../scalar/scalar.ts";
import type { Expression } from "./expression.ts";

/** Applies a primitive or function of the algebra to expressions, with a result of this dtype. */
type Operation = (dtype: DType, ...args: readonly Expression[]) => Expression;

/** How many of the first operands of a primitive are truth. */
const TRUTHS: Partial<Record<Primitive, number>> = { and: 2, or: 2, xor: 2, not: 1, select: 1 };

function operationOf(name: Primitive | keyof typeof library): Operation {
	const truths = TRUTHS[name as Primitive] ?? 0;
	let term: Term | undefined;
	const made = (arity: number) =>
		termOf((s: Algebra, ...x: Scalar[]) => {
			const operands = x.map((value, i) => (i < truths ? s.notEqual(value, 0) : value));
			return (s[name] as (...args: (Scalar | Truth)[]) => Term)(...operands);
		}, arity);
	return (dtype, ...args) => {
		term ??= made(args.length);
		return { kind: "formula", term, args, dtype };
	};
}

/**
 * The primitives and functions by name: `operations.add("float64", x, y)`. Truth is an expression
 * of bool.
 */
export const operations = Object.fromEntries(
	[...Object.keys(primitives), ...Object.keys(library)].map((name) => [
		name,
		operationOf(name as Primitive | keyof typeof library),
	]),
) as Readonly<Record<Primitive | keyof typeof library, Operation>>;
