// The entry `adjoint/scalar`: what formulas of elementwise ops are written with,
// `import * as s from "adjoint/scalar"`. Each primitive and each function is an export, so that a
// bundler leaves out those that no formula uses.

export type { Formula } from "./formula.ts";
export * from "./functions.ts";
export * from "./library.ts";
export * from "./primitives.ts";
export type { Scalar, ScalarLike, Term, Truth } from "./scalar.ts";
