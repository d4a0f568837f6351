import { allocate } from "../core/dtype.ts";
import { axesBehind } from "../core/lead.ts";
import { asTensor, type DTypeRule, floating } from "../core/lift.ts";
import type { Derivative } from "../core/linear-map.ts";
import {
	apply,
	type Domain,
	defineOp,
	type Op,
	type OpFunction,
	type TensorType,
} from "../core/op.ts";
import { type Axes, allAxes, normalizeAxes, rowMajorStrides } from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import type { OpTraits } from "../core/traits.ts";
import { forEachSlice, type SliceKernels } from "../kernels/slices.ts";
import { call } from "../notation/call.ts";
import { axisLetters, named } from "../notation/mathematics.ts";
import type { Scalar, Term } from "../scalar/scalar.ts";
import { lazySlices } from "../scalar/slice-form.ts";
import { sliceSize } from "../structure/reduction.ts";
import { sliceKernels } from "./slice-kernel.ts";

/** What a normalization needs besides its tensor. */
export type NormalizationParams = {
	/** Ascending and not negative. */
	readonly axes: readonly number[];
};

/** The type of a public function that normalizes along axes. */
export type Normalization<Name extends string> = OpFunction<
	Name,
	(x: TensorLike, axes?: Axes) => Tensor
>;

/** What states a normalization. */
export interface NormalizationRule<Name extends string> {
	readonly name: Name;
	/**
	 * What becomes of one element of a slice, written with the primitives, functions and reducers of
	 * `s`: `(x) => s.div(x, s.total(x))`. Everything else is made of it.
	 */
	readonly formula: (x: Scalar) => Term;
	/** The derivative at x, with this result. Null: the op is constant almost everywhere. */
	readonly differential: ((x: Tensor, out: Tensor, axes: readonly number[]) => Derivative) | null;
	/** The function in NumPy's notation; left out: the name. */
	readonly numpy?: string;
	/** The method in TypeScript; left out: the name. */
	readonly typescript?: string;
	/** Left out: `floating`. */
	readonly dtype?: DTypeRule;
	readonly proof?: Op["proof"];
	readonly traits?: OpTraits<NormalizationParams>;
	readonly domain?: Domain;
}

/**
 * An op that makes of each element along axes (the last one unless said) another one, from what it
 * is and from what its slice comes to.
 */
/* @__NO_SIDE_EFFECTS__ */
export function normalization<Name extends string>(
	rule: NormalizationRule<Name>,
): Normalization<Name> {
	const { name, differential } = rule;
	const dtypes = rule.dtype ?? floating;
	const form = lazySlices(rule.formula, true);
	const kernelsFor = sliceKernels(form);
	const op: Op<Name, NormalizationParams> = {
		name,
		infer: ([x]) => ({ shape: x!.shape, dtype: dtypes.result(x!.dtype) }),
		evaluate: ([x], { axes }, type) => mapSlices(kernelsFor(x!.dtype), x!, axes, type, () => []),
		differential: differential && ((_, [x], out, { axes }) => differential(x!, out, axes)),
		typescript: (args, { axes }) =>
			call(rule.typescript ?? name, args, axes.length === 1 ? axes[0] : axes),
		latex: ([x], { axes }) => named(name, [x!], axisLetters(axes)),
		proof: rule.proof,
		slices: { form, axes: (_, { axes }) => axes },
		lead: axesBehind,
		print: ([x], { axes }) => {
			const along = axes.length === 1 ? axes[0] : `(${axes.join(", ")})`;
			return `${rule.numpy ?? name}(${x}, axis=${along})`;
		},
		traits: rule.traits ?? {},
		sample: (draw) => {
			const shape = draw.shape({ minRank: 1 });
			const axes = shape.flatMap((_, i) => (draw.integer(0, 1) === 1 ? [i] : []));
			return { inputs: [draw.tensor(shape, rule.domain)], params: { axes } };
		},
	};
	return defineOp(op, (value: TensorLike, axes: Axes = -1): Tensor => {
		const x = asTensor(name, value);
		return apply(op, [x], { axes: normalizeAxes(name, axes, x.rank) });
	});
}

/**
 * The slices along axes, each rewritten by a kernel, with what is given for it; they come to lie
 * side by side.
 */
export function mapSlices(
	{ slice }: SliceKernels,
	x: Tensor,
	axes: readonly number[],
	{ shape, dtype }: TensorType,
	given: (index: number) => readonly number[],
): Tensor {
	const n = sliceSize(x.shape, axes);
	const out = allocate(dtype, x.size);
	forEachSlice(x, axes, (values, start, index) => {
		slice(values, start, n, given(index), out, index * n);
	});
	const order = allAxes(shape.length)
		.filter((axis) => !axes.includes(axis))
		.concat(axes);
	const packed = rowMajorStrides(order.map((axis) => shape[axis]!));
	return new Tensor(
		out,
		dtype,
		shape,
		shape.map((_, axis) => packed[order.indexOf(axis)]!),
	);
}
