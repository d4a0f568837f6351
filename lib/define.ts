import { DomainError } from "./core/error.ts";
import * as ops from "./core/op.ts";
import type { Data } from "./core/params.ts";
import { checkParams } from "./core/plain-data.ts";
import type { Tensor } from "./core/tensor.ts";
import * as kinds from "./kinds/elementwise.ts";
import * as reductions from "./kinds/reduction.ts";
import { isOwnFunction } from "./scalar/function.ts";
import { inOrder } from "./scalar/scalar.ts";

// How ops are defined and applied from outside of the library: as its own are, except that names
// and parameters are looked at. The types of the library's own ops say that theirs are data.

/**
 * Applies an op: evaluates it, or inside a transform also records it. Everything that is computed
 * passes through here.
 * @throws DTypeError for an argument that is no tensor
 * @throws DomainError for parameters that are no plain data
 */
export function apply<P extends Data>(
	op: ops.Op<string, P>,
	args: readonly Tensor[],
	params: Given<P>,
): Tensor {
	checkParams(op.name, params);
	return ops.apply(op, args, params as P);
}

/** Parameters of an op; where nothing is known of them (`any`), they are data all the same. */
type Given<P extends Data> = 0 extends 1 & P ? Data : P;

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
/* @__NO_SIDE_EFFECTS__ */
export function reduction<
	Name extends string,
	Options extends reductions.ReduceOptions & Record<string, Data> = reductions.ReduceOptions,
>(rule: reductions.ReductionRule<Name, Options>): reductions.Reduction<Name, Options> {
	const check: typeof rule.check = (n, options) => {
		checkParams(rule.name, options);
		rule.check?.(n, options);
	};
	return named("reduction", reductions.reduction({ ...rule, check }, "evaluation"));
}

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
	return f;
}
