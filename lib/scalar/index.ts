// The entry `adjoint/scalar`: what formulas are written with,
// `import * as s from "adjoint/scalar"`. Each primitive, function and reducer is an export, so that
// a bundler leaves out those that no formula uses.

export type { Formula } from "./formula.ts";
export * from "./functions.ts";
export * from "./library.ts";
export * from "./primitives.ts";
export type { Reducer } from "./reducers.ts";
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
export type {
	ArgumentTerm,
	CallTerm,
	ConstantTerm,
	DefinedFunction,
	NativeFunction,
	NumberPrimitive,
	One,
	Primitive,
	PrimitiveTerm,
	Scalar,
	ScalarFunction,
	ScalarLike,
	ScalarType,
	SingleForms,
	Term,
	Truth,
	TruthPrimitive,
	Two,
} from "./scalar.ts";
export type { SliceFormula } from "./slices.ts";
