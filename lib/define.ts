import * as kinds from "./kinds/elementwise.ts";
import * as reductions from "./kinds/reduction.ts";
import * as ops from "./op.ts";

// How ops are defined from outside of the library: as its own are, except that whatever such an op is called, it is not taken for
// one of those, for which there is code by name.

/**
 * An op from its record and its public function, which turns what a user gives into tensors and parameters and
 * calls `apply`. The function carries the record as `op` and its name.
 */
export const defineOp: typeof ops.defineOp = /* @__NO_SIDE_EFFECTS__ */ (op, call) =>
	ops.foreign(ops.defineOp(op, call));

/**
 * An op that acts on each element by itself; arguments broadcast. The rule states a scalar function and its
 * partial derivatives; each becomes the linear map that scales by it.
 * @throws GradientError unless there is a partial derivative for each argument
 */
export const elementwise: typeof kinds.elementwise = /* @__NO_SIDE_EFFECTS__ */ (arity, rule) =>
	ops.foreign(kinds.elementwise(arity, rule));

/**
 * An op that reduces over axes to a scalar function of the elements along them. The rule states
 * ∂out/∂x as a weight for each element; the derivative is the weighted sum, and its transpose spreads
 * a cotangent out by the same weights.
 */
export const reduction: typeof reductions.reduction = /* @__NO_SIDE_EFFECTS__ */ (rule) =>
	ops.foreign(reductions.reduction(rule));
