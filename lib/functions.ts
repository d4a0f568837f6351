// The entry `adjoint/functions`: everything that `adjoint` has, except that ops are functions only,
// `dot(x, w)`, and no methods. A bundler then leaves out each op that a program does not call.
// Where another part of the same program imports `adjoint`, tensors have methods there and here.

export * from "./autodiff/custom.ts";
export * from "./autodiff/debug.ts";
export * from "./autodiff/jacobian.ts";
export * from "./autodiff/transforms.ts";
export * from "./autodiff/vmap.ts";
export * from "./control/index.ts";
export type { ArgumentKind } from "./core/argument-kinds.ts";
export * from "./core/create.ts";
export type * from "./core/dtype.ts";
export * from "./core/error.ts";
export type { Channels, Geometry, Pair } from "./core/geometry.ts";
export type * from "./core/lift.ts";
export { arithmetic, asTensor, comparison, floating } from "./core/lift.ts";
export { type Derivative, LinearMap } from "./core/linear-map.ts";
export type * from "./core/loop-form.ts";
export type * from "./core/op.ts";
export type * from "./core/op-lowering.ts";
export type { Data } from "./core/params.ts";
export type * from "./core/rule.ts";
export type * from "./core/shape.ts";
export type { Storage } from "./core/storage.ts";
export * from "./core/tensor.ts";
export type * from "./core/traits.ts";
export { mapTree, treeLeaves } from "./core/tree.ts";
export { apply, defineOp, elementwise, normalization, reduction } from "./define.ts";
export * from "./equations/index.ts";
export type { Widths } from "./kernels/windows.ts";
export type { ElementwiseRule, PartialDerivative } from "./kinds/elementwise.ts";
export type {
	Normalization,
	NormalizationParams,
	NormalizationRule,
} from "./kinds/normalization.ts";
export * from "./ops/images/index.ts";
export * from "./ops/index.ts";
export * as internal from "./ops/internal.ts";
export * as maps from "./ops/maps.ts";
export type { ConvolutionOptions, ConvolutionOptions1d } from "./ops/window-options.ts";
export * as random from "./random/index.ts";
export type { Formula } from "./scalar/formula.ts";
export type { Scalar, ScalarLike, Term, Truth } from "./scalar/scalar.ts";
export type { Scanned, ScanWalk } from "./scalar/scan.ts";
export type {
	Leaf,
	Reducing,
	Sliced,
	SliceForm,
	SliceFormula,
	SlicePass,
} from "./scalar/slices.ts";
export { type BilinearRule, bilinear, type LinearRule, linear } from "./structure/linear.ts";
export type * from "./structure/reduction.ts";
