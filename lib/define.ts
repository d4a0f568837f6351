import { DomainError } from "./core/error.ts";
import * as ops from "./core/op.ts";
import type { Data } from "./core/params.ts";
import { checkParams } from "./core/plain-data.ts";
import type { Tensor } from "./core/tensor.ts";
import * as kinds from "./kinds/elementwise.ts";
import * as normalizations from "./kinds/normalization.ts";
import * as reductionKinds from "./kinds/reduction.ts";
import { isOwnFunction } from "./scalar/function.ts";
import { inOrder, type Term } from "./scalar/scalar.ts";
import { isOneValue, type SliceForm, type SliceFormula, termsIn } from "./scalar/slices.ts";
import type * as reductions from "./structure/reduction.ts";

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
export const elementwise: typeof kinds.elementwise = /* @__NO_SIDE_EFFECTS__ */ (arity, rule) => {
	const f = named("elementwise", kinds.elementwise(arity, rule));
	checkTerms("elementwise", rule.name, [f.op.formula!()]);
	return f;
};

/**
 * An op that reduces over axes to a scalar function of the elements along them. The rule states its
 * formula, and ∂out/∂x as a weight for each element; the derivative is the weighted sum, and its
 * transpose spreads a cotangent out by the same weights.
 * @throws DomainError for a name that cannot stand in code, a formula that is not made of what
 * `adjoint/scalar` has, and one with elements outside of reducers
 */
/* @__NO_SIDE_EFFECTS__ */
export function reduction<
	Name extends string,
	Options extends reductions.ReduceOptions & Record<string, Data> = reductions.ReduceOptions,
>(rule: reductions.ReductionRule<Name, Options>): reductions.Reduction<Name, Options> {
	checkFormula("reduction", rule);
	const check: typeof rule.check = (n, options) => {
		checkParams(rule.name, options);
		rule.check?.(n, options);
	};
	const f = named("reduction", reductionKinds.reduction({ ...rule, check }));
	if (isOneValue(checkedForm("reduction", f.op))) return f;
	throw new DomainError(
		`reduction: expected the formula of ${rule.name} to give one value for each slice, such as s.total(x), got one with elements outside of reducers`,
	);
}

/**
 * An op that makes of each element along axes another one, from what it is and from what its slice
 * comes to. The rule states its formula and its derivative.
 * @throws DomainError for a name that cannot stand in code, and for a formula that is not made of
 * what `adjoint/scalar` has
 */
export const normalization: typeof normalizations.normalization = /* @__NO_SIDE_EFFECTS__ */ (
	rule,
) => {
	checkFormula("normalization", rule);
	const f = named("normalization", normalizations.normalization(rule));
	checkedForm("normalization", f.op);
	return f;
};

/** Whether there is a formula, and the numbers that it takes. */
function checkFormula(
	maker: string,
	{ name, formula, numbers }: { name: string; formula: SliceFormula; numbers?: unknown },
): void {
	if (typeof formula !== "function") throw noFormula(maker, name, typeof formula);
	if (formula.length <= 1 || numbers !== undefined) return;
	throw new DomainError(
		`${maker}: expected \`numbers\` for the formula of ${name}, which takes ${formula.length - 1} after x`,
	);
}

function checkedForm(maker: string, { name, slices }: ops.Op): SliceForm {
	const form = slices!.form();
	checkTerms(maker, name, termsIn(form));
	return form;
}

/** Whether terms call none but the library's functions, which are known by their names. */
function checkTerms(maker: string, name: string, terms: readonly (Term | undefined)[]): void {
	for (const term of terms) {
		if (term?.kind === undefined) throw noFormula(maker, name, term);
		for (const part of inOrder(term)) {
			if (part.kind === "call" && !isOwnFunction(part.of)) {
				throw noFormula(maker, name, part.of.name);
			}
		}
	}
}

function noFormula(maker: string, name: string, got: unknown): DomainError {
	const example = maker === "elementwise" ? "s.max(x, 0)" : "s.div(x, s.total(x))";
	return new DomainError(
		`${maker}: expected the formula of ${name} to be made of what \`adjoint/scalar\` has, such as ${example}, got ${got}`,
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
