// The entry `adjoint/functions`: everything that `adjoint` has, except that ops are functions only,
// `dot(x, w)`, and no methods. A bundler then leaves out each op that a program does not call.
// Where another part of the same program imports `adjoint`, tensors have methods there and here.

export * from "./autodiff/custom.ts";
export * from "./autodiff/debug.ts";
export * from "./autodiff/jacobian.ts";
export * from "./autodiff/transforms.ts";
export * from "./create.ts";
export { defineOp, elementwise, reduction } from "./define.ts";
export type * from "./dtype.ts";
export * from "./error.ts";
export type { ElementwiseRule, PartialDerivative } from "./kinds/elementwise.ts";
export type * from "./kinds/lift.ts";
export { arithmetic, asTensor, comparison, floating } from "./kinds/lift.ts";
export { type BilinearRule, bilinear, type LinearRule, linear } from "./kinds/linear.ts";
export type * from "./kinds/reduction.ts";
export { type Derivative, LinearMap } from "./linear-map.ts";
export * as maps from "./maps/index.ts";
export type * from "./notation/plain.ts";
export type * from "./notation/rule.ts";
export type * from "./op.ts";
export { apply } from "./op.ts";
export type * from "./op-facts.ts";
export * from "./ops/index.ts";
export * as random from "./random/index.ts";
export type { Algebra, Formula, ScalarLike } from "./scalar/algebra.ts";
export * as scalarFunctions from "./scalar/functions.ts";
export type { Scalar, ScalarFunction, Term, Truth } from "./scalar/scalar.ts";
export type * from "./shape.ts";
export * from "./tensor.ts";
export { mapTree, treeLeaves } from "./tree.ts";
