import { notEqual } from "./primitives.ts";
import { asTerm, type NativeFunction, type Scalar, type Term, type Truth } from "./scalar.ts";

// What formulas of slices are written with besides what those of elements are. As calls they have
// no value of their own: whoever reads such a formula puts the results of passes in their place.

/** How the elements of a slice become one number; of truth it is 1 or 0. */
export type Reducer =
	| "total"
	| "product"
	| "greatest"
	| "least"
	| "every"
	| "some"
	| "first"
	| "find";

/** What only a formula of slices can call: a reducer, or what tells of the slice or the width. */
export interface SliceFunction extends NativeFunction {
	readonly inSlice: Reducer | "n" | "position" | "double";
}

/* @__NO_SIDE_EFFECTS__ */
function call(inSlice: SliceFunction["inSlice"], args: readonly Term[]): Scalar {
	const of: SliceFunction = {
		name: inSlice,
		arity: args.length,
		operator: undefined,
		evaluate: () => Number.NaN,
		inSlice,
	};
	return { kind: "call", type: "number", of, args };
}

/* @__NO_SIDE_EFFECTS__ */
function reducer<T extends Term = Scalar>(by: Reducer) {
	return (x: T): Scalar => call(by, [asTerm(x)]);
}

/** What a slice function a part of a formula calls; null for any other part. */
export function inSlice(part: Term): SliceFunction["inSlice"] | null {
	return part.kind === "call" && "inSlice" in part.of ? (part.of as SliceFunction).inSlice : null;
}

/** How many elements a slice has. */
export const n: Scalar = call("n", []);

/** Which element of its slice one is, from 0, in row-major order. */
export const position: Scalar = call("position", []);

/**
 * x of elements in float64, and so is all that is made of it. What is made of elements of float32
 * is else float32 where a backend has it; results of reducers, and what is made of them alone, are
 * float64.
 */
export const double = (x: Scalar): Scalar => call("double", [x]);

/** Σ x, in float64, 0 of nothing; of truth how often it is true. The order is the kernel's. */
export const total = reducer<Scalar | Truth>("total");

/** Π x, in float64; it over- and underflows only where the whole product does. */
export const product = reducer("product");

/** The greatest x, NaN if one is; −∞ of nothing. */
export const greatest = reducer("greatest");

/** The least x, NaN if one is; ∞ of nothing. */
export const least = reducer("least");

/** Whether t is true of every element. */
export const every = (t: Truth): Truth => notEqual(call("every", [t]), 0);

/** Whether t is true of some element. */
export const some = (t: Truth): Truth => notEqual(call("some", [t]), 0);

/** x of the first element. */
export const first = reducer("first");

/** The position of the first element of which t is true; n where there is none. */
export const find = reducer<Truth>("find");
