import { DomainError } from "./core/error.ts";
import * as ops from "./core/op.ts";
import * as kinds from "./kinds/elementwise.ts";
import * as reductions from "./kinds/reduction.ts";
import { isOwnFunction } from "./scalar/function.ts";
import { inOrder } from "./scalar/scalar.ts";

// How ops are defined from outside of the library: as its own are, except that whatever such an op
// is called, it is not taken for one of those, for which there is code by name.

/**
 * An op from its record and its public function, which turns what a user gives into tensors and
 * parameters and calls `apply`. The function carries the record as `op` and its name.
 */
export const defineOp: typeof ops.defineOp = /* @__NO_SIDE_EFFECTS__ */ (op, call) =>
	named("defineOp", ops.defineOp(op, call));

/**
 * An op that acts on each element by itself; arguments broadcast. The rule states a formula and its
 * partial derivatives; each becomes the linear map that scales by it.
 * @throws GradientError unless there is a partial derivative for each argument
 * @throws DomainError for a name that cannot stand in code, and for a formula that is not made of
 * what `adjoint/scalar` has
 */
export const elementwise: typeof kinds.elementwise = /* @__NO_SIDE_EFFECTS__ */ (arity, rule) =>
	withKnownFunctions(named("elementwise", kinds.elementwise(arity, rule)));

/**
 * An op that reduces over axes to a scalar function of the elements along them. The rule states
 * ∂out/∂x as a weight for each element; the derivative is the weighted sum, and its transpose
 * spreads a cotangent out by the same weights.
 */
export const reduction: typeof reductions.reduction = /* @__NO_SIDE_EFFECTS__ */ (rule) =>
	named("reduction", reductions.reduction(rule));

/**
 * An op whose formula gives a term, and calls none but the library's functions: they are known by
 * their names.
 */
/* @__NO_SIDE_EFFECTS__ */
function withKnownFunctions<F extends { readonly op: ops.Op }>(f: F): F {
	const { name, formula } = f.op;
	const term = formula!();
	if (term?.kind === undefined) throw noFormula(name, term);
	for (const part of inOrder(term)) {
		if (part.kind === "call" && !isOwnFunction(part.of)) throw noFormula(name, part.of.name);
	}
	return f;
}

function noFormula(name: string, got: unknown): DomainError {
	return new DomainError(
		`elementwise: expected the formula of ${name} to be made of what \`adjoint/scalar\` has, such as s.max(x, 0), got ${got}`,
	);
}

/**
 * An op of another's, whose name has to be one that stands in code: it is printed, and a loop is
 * called by it.
 */
/* @__NO_SIDE_EFFECTS__ */
function named<F extends { readonly op: ops.Op }>(maker: string, f: F): F {
	const { name } = f.op;
	if (typeof name !== "string" || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
		throw new DomainError(
			`${maker}: expected a name of letters and digits, such as "smoothRelu", got ${JSON.stringify(name)}`,
		);
	}
	return ops.foreign(f);
}
