// The entry `adjoint/scalar`: what formulas are written with,
// `import * as s from "adjoint/scalar"`. Each primitive, function and reducer is an export, so that
// a bundler leaves out those that no formula uses.

export type { Formula } from "./formula.ts";
export * from "./functions.ts";
export * from "./library.ts";
export * from "./primitives.ts";
export {
	double,
	every,
	find,
	first,
	greatest,
	least,
	n,
	position,
	product,
	some,
	total,
} from "./reducers.ts";
export type { Scalar, ScalarLike, Term, Truth } from "./scalar.ts";
export type { SliceFormula } from "./slices.ts";
