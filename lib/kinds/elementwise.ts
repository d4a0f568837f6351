import { allocate, commonDType, type DType, doesNotFit } from "../core/dtype.ts";
import { DTypeError, GradientError } from "../core/error.ts";
import { alike } from "../core/lead.ts";
import { arithmetic, type DTypeRule, vector } from "../core/lift.ts";
import type { Derivative, WeightedSum } from "../core/linear-map.ts";
import {
	apply,
	type Convention,
	type Domain,
	defineOp,
	type Op,
	type OpFunction,
} from "../core/op.ts";
import type { RuleKind } from "../core/rule.ts";
import { isUniform, storedOnce } from "../core/stored-once.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import type { OpTraits } from "../core/traits.ts";
import { type Loop, makeLoop } from "../kernels/loops.ts";
import { forFloat32 } from "../kernels/narrow.ts";
import { vectorLoop } from "../kernels/vectors.ts";
import { type Formula, lazyTerm } from "../scalar/formula.ts";
import type { Scalar, Term } from "../scalar/scalar.ts";
import { alignArguments } from "./align.ts";
import { runElementwise } from "./strided-loop.ts";

/** A partial derivative at a point: a number or tensor to scale by, or a linear map written out. */
export type PartialDerivative = Exclude<Derivative, WeightedSum>;

type Reals<Arity extends 1 | 2 | 3> = [
	[number],
	[number, number],
	[number, number, number],
][Minus1<Arity>];
type Scalars<Arity extends 1 | 2 | 3> = [
	[Scalar],
	[Scalar, Scalar],
	[Scalar, Scalar, Scalar],
][Minus1<Arity>];
type Tensors<Arity extends 1 | 2 | 3> = [
	[Tensor],
	[Tensor, Tensor],
	[Tensor, Tensor, Tensor],
][Minus1<Arity>];
type Texts<Arity extends 1 | 2 | 3> = [
	[string],
	[string, string],
	[string, string, string],
][Minus1<Arity>];
type Minus1<Arity extends 1 | 2 | 3> = { 1: 0; 2: 1; 3: 2 }[Arity];

/** What states an elementwise op. */
export interface ElementwiseRule<Name extends string, Arity extends 1 | 2 | 3> {
	readonly name: Name;
	/**
	 * What it computes of one element of each argument, written with what `adjoint/scalar` exports:
	 * everything else, loops, vectors and printed programs, is made of it.
	 */
	readonly formula: Formula<Scalars<Arity>>;
	/**
	 * For each argument, ∂out/∂argument as a function of the arguments and the result, all of the
	 * shape of the result. Null: the op is constant almost everywhere. They depend on nothing else,
	 * for what they do may be recorded, on tensors of one element, and done again.
	 */
	readonly partials:
		| readonly ((...args: [...Tensors<Arity>, out: Tensor]) => PartialDerivative)[]
		| null;
	/** In LaTeX; left out: the name as a function. */
	readonly latex?: (...args: Texts<Arity>) => string;
	/** Left out: each element is scaled by a partial derivative. */
	readonly rule?: RuleKind;
	readonly remark?: Op["remark"];
	readonly proof?: Op["proof"];
	/** In NumPy's notation. */
	readonly print: (...args: Texts<Arity>) => string;
	/** Where each argument may lie for the rule to hold; left out: any real number. */
	readonly domain?: readonly Domain[];
	/** Left out: `arithmetic`. */
	readonly dtype?: DTypeRule;
	/** Draw all arguments apart from each other: the op has a kink where they are equal. */
	readonly distinct?: boolean;
	/** What passes may know, besides that the op is elementwise. */
	readonly traits?: OpTraits<null>;
	/** How to draw arguments, where `domain` and `distinct` do not say it. */
	readonly sample?: Op["sample"];
	/** The partial derivatives at points where there are none, or that the domain does not reach. */
	readonly conventions?: readonly { readonly at: Reals<Arity>; readonly partials: Reals<Arity> }[];
}

type ElementwiseFunction<Arity extends 1 | 2 | 3> = [
	(x: TensorLike) => Tensor,
	(x: TensorLike, y: TensorLike) => Tensor,
	(x: TensorLike, y: TensorLike, z: TensorLike) => Tensor,
][Minus1<Arity>];

/**
 * An op that acts on each element by itself; arguments broadcast. The rule states the formula of
 * one element and its partial derivatives; each becomes the linear map that scales by it.
 * @throws GradientError unless there is a partial derivative for each argument
 */
/* @__NO_SIDE_EFFECTS__ */
export function elementwise<Name extends string, Arity extends 1 | 2 | 3>(
	arity: Arity,
	rule: ElementwiseRule<Name, Arity>,
): OpFunction<Name, ElementwiseFunction<Arity>> {
	const op = elementwiseOp(arity, rule);
	const dtypes = rule.dtype ?? arithmetic;
	const call = (...args: TensorLike[]) => {
		if (args.length !== arity) {
			throw new DTypeError(
				`${rule.name}: expected ${arity} ${arity === 1 ? "argument" : "arguments"}, got ${args.length}`,
			);
		}
		return apply(op, alignArguments(rule.name, args, dtypes), null);
	};
	return defineOp(op, call as ElementwiseFunction<Arity>);
}

/**
 * The record of an op that acts on each element by itself, for a public function that takes more
 * than such tensors.
 * @throws GradientError unless there is a partial derivative for each argument
 */
/* @__NO_SIDE_EFFECTS__ */
export function elementwiseOp<Name extends string, Arity extends 1 | 2 | 3>(
	arity: Arity,
	rule: ElementwiseRule<Name, Arity>,
): Op<Name, null> {
	if (rule.partials !== null && rule.partials?.length !== arity) {
		throw new GradientError(
			`${rule.name}: expected a partial derivative for each of ${arity} arguments, got ${rule.partials?.length ?? "none"}; ` +
				"null says that the op is constant almost everywhere",
		);
	}
	const dtypes = rule.dtype ?? arithmetic;
	const domain = rule.domain ?? [];
	const formula = lazyTerm(rule.formula, arity);
	return {
		name: rule.name,
		infer: (inputs) => {
			let common: DType = inputs[0]!.dtype;
			for (let i = 1; i < arity; i++) common = commonDType(rule.name, common, inputs[i]!.dtype);
			return { shape: inputs[0]!.shape, dtype: dtypes.result(common) };
		},
		evaluate: evaluation(rule.name, loops(rule.name, formula)),
		differential:
			rule.partials &&
			((i, [x, y, z], out) => {
				const partial = rule.partials![i] as (...args: Tensor[]) => PartialDerivative;
				if (arity === 1) return partial(x!, out);
				return arity === 2 ? partial(x!, y!, out) : partial(x!, y!, z!, out);
			}),
		latex: rule.latex && ((args) => rule.latex!(...(args as Texts<Arity>))),
		formula,
		lead: alike,
		rule: rule.rule ?? "elementwise",
		remark: rule.remark,
		proof: rule.proof,
		print: (args) => rule.print(...(args as Texts<Arity>)),
		traits: { ...rule.traits, elementwise: true },
		sample:
			rule.sample ??
			((draw) => {
				const shape = draw.shape();
				const one = (i: number) =>
					rule.distinct ? draw.distinct(shape) : draw.tensor(shape, domain[i]);
				return { inputs: Array.from({ length: arity }, (_, i) => one(i)), params: null };
			}),
		...(rule.conventions && { conventions: [conventionOf(rule.conventions, arity)] }),
	};
}

/** How loops, one for given dtypes, evaluate what acts on each element of tensors of one shape. */
export function evaluation(
	name: string,
	loopFor: (inputs: readonly Tensor[], out: DType) => Loop,
): Op["evaluate"] {
	return (inputs, _, { shape, dtype }) => {
		const isOne = isRepeated(inputs);
		const given = isOne ? inputs.map(storedOnce) : inputs;
		const out = allocate(dtype, given[0]!.size);
		const misfit = runElementwise(loopFor(given, dtype), given, out);
		if (misfit !== undefined) throw doesNotFit(name, misfit);
		return new Tensor(out, dtype, shape, isOne ? shape.map(() => 0) : undefined);
	};
}

/**
 * Whether all elements of each tensor are one number, stored once, as the derivatives of sums are:
 * what is computed of them is one number too.
 */
function isRepeated(inputs: readonly Tensor[]): boolean {
	for (const x of inputs) if (x.size < 2 || !isUniform(x)) return false;
	return true;
}

/** Points, each with its partial derivatives, as one point of vectors. */
function conventionOf(
	points: readonly { readonly at: readonly number[]; readonly partials: readonly number[] }[],
	arity: number,
): Convention<null> {
	const each = (numbers: (i: number) => number[]) =>
		Array.from({ length: arity }, (_, i) => vector(numbers(i)));
	return {
		inputs: each((i) => points.map(({ at }) => at[i]!)),
		params: null,
		gradients: each((i) => points.map(({ partials }) => partials[i]!)),
	};
}

/** A number from 0 to 3 for each dtype. */
export const DTYPE_CODE: Record<DType, number> = { float64: 0, float32: 1, int32: 2, bool: 3 };

/** One loop for each combination of dtypes, made when first needed. */
function loops(name: string, formula: () => Term) {
	const made: (Loop | undefined)[] = [];
	return (inputs: readonly Tensor[], out: DType): Loop => {
		let code = DTYPE_CODE[out];
		for (let i = 0; i < inputs.length; i++) code = 4 * code + DTYPE_CODE[inputs[i]!.dtype];
		const loop = made[code] ?? loopOf(name, formula(), inputs, out);
		made[code] = loop;
		return loop;
	};
}

function loopOf(name: string, whole: Term, inputs: readonly Tensor[], out: DType): Loop {
	const dtypes = inputs.map((x) => x.dtype);
	const term = out === "float32" ? forFloat32(whole, dtypes) : whole;
	const vectors = vectorLoop(term, dtypes, out);
	return makeLoop(name, term, dtypes.length, out === "int32", vectors);
}
