import * as kind from "../core/argument-kinds.ts";
import type { DType } from "../core/dtype.ts";
import { axesBehind } from "../core/lead.ts";
import { asTensor, type DTypeRule, floating, vector } from "../core/lift.ts";
import { type LinearMap, WeightedSum } from "../core/linear-map.ts";
import { apply, type Domain, type Draw, defineOp, type Op, type OpFunction } from "../core/op.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import type { Data } from "../core/params.ts";
import type { RuleKind } from "../core/rule.ts";
import { type Axes, normalizeAxes, reducedShape, type Shape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import type { OpTraits } from "../core/traits.ts";
import { accumulator, finished } from "../kernels/integers.ts";
import { forEachBlockOfColumns, forEachSlice, type SliceKernels } from "../kernels/slices.ts";
import { call } from "../notation/call.ts";
import { axisLetters, named } from "../notation/mathematics.ts";
import type { SliceForm, SliceFormula } from "../scalar/slices.ts";
import { expandDims } from "./layout.ts";

/** Whether reduced axes stay, with size 1. */
export type ReduceOptions = {
	readonly keepDims?: boolean;
};

/** What a reduction needs besides its tensor. */
export type ReduceParams = {
	/** Ascending and not negative. */
	readonly axes: readonly number[];
	readonly keepDims: boolean;
	/** Whether these are all the axes, so that they need no mention in print. */
	readonly all: boolean;
};

/** The type of a public function that reduces over axes. */
export type Reduction<Name extends string, Options = ReduceOptions> = OpFunction<
	Name,
	(x: TensorLike, axes?: Axes, options?: Options) => Tensor
>;

/** What states a reduction. */
export interface ReductionRule<
	Name extends string,
	Options extends ReduceOptions & Record<string, Data>,
> {
	readonly name: Name;
	/**
	 * What it computes of a slice, written with the primitives, functions and reducers of `s`:
	 * `(x) => s.div(s.total(x), s.n)` is the mean. Everything else, numbers, code in WebAssembly
	 * and printed loops, is made of it.
	 */
	readonly formula: SliceFormula;
	/** The numbers that the formula takes after x, of the parameters. */
	readonly numbers?: (params: ReduceParams & Options) => readonly number[];
	/**
	 * ∂out/∂x, broadcast to the shape of x, as a function of x and of the result with the reduced
	 * axes kept at size 1: then d out = Σ weight ∘ dx. A linear map stands for its own product with
	 * dx. Null: the op is constant almost everywhere.
	 */
	readonly weights:
		| ((x: Tensor, out: Tensor, params: ReduceParams & Options) => Tensor | number | LinearMap)
		| null;
	/** In LaTeX, over the letters of the axes; left out: the name as a function. */
	readonly latex?: (x: string, letters: string) => string;
	/** Left out: elements are added up with weights. */
	readonly rule?: RuleKind;
	readonly remark?: Op["remark"];
	readonly proof?: Op["proof"];
	/** The NumPy function that does the same, or its method, as `x.sum`. */
	readonly numpy: string;
	/** Left out: `floating`. */
	readonly dtype?: DTypeRule;
	/** What the options beside `keepDims` may be; left out: there are none. */
	readonly optionKinds?: OptionKinds<Omit<Options, "keepDims">>;
	/** Checks the options, and the number of elements that one result is made of. */
	readonly check?: (n: number, options: Options) => void;
	/** Draws options for slices of n elements. */
	readonly options?: (draw: Draw, n: number) => Omit<Options, "keepDims">;
	/** How the options beside `keepDims` print, as keyword arguments. */
	readonly printOptions?: (params: ReduceParams & Options) => readonly string[];
	readonly traits?: OpTraits<ReduceParams & Options>;
	readonly domain?: Domain;
	/** Draw elements apart from each other: the op has a kink where they are equal. */
	readonly distinct?: boolean;
	/** Draw that many times as far apart: the derivatives are steep near the kink. */
	readonly stretch?: number;
	/** The fewest elements of a slice for which the rule holds, for drawing samples; left out: 0. */
	readonly minSize?: number;
	/** The weights of slices with which there is no derivative, or that the domain does not reach. */
	readonly conventions?: readonly {
		readonly at: readonly number[];
		readonly weights: readonly number[];
	}[];
}

/** An op that reduces over axes, by a form and kernels for it. */
/* @__NO_SIDE_EFFECTS__ */
export function reductionBy<Name extends string, Options extends ReduceOptions = ReduceOptions>(
	rule: Omit<ReductionRule<Name, Options>, "formula">,
	form: () => SliceForm,
	kernelsFor: (dtype: DType) => SliceKernels,
): Reduction<Name, Options> {
	type P = ReduceParams & Options;
	const dtypes = rule.dtype ?? floating;
	const { weights, numbers } = rule;
	const kinds = { keepDims: kind.flag, ...rule.optionKinds } as OptionKinds<Options>;
	const op: Op<Name, P> = {
		name: rule.name,
		infer: ([x], params) => ({
			shape: reducedShape(x!.shape, params.axes, params.keepDims),
			dtype: dtypes.result(x!.dtype),
		}),
		evaluate: ([x], params, type) => {
			const n = sliceSize(x!.shape, params.axes);
			const out = accumulator(type.dtype, sizeOf(type.shape));
			const { slice, columns } = kernelsFor(x!.dtype);
			const given = numbers?.(params) ?? [];
			const done =
				columns !== null &&
				forEachBlockOfColumns(x!, params.axes, (start, rows, stride, width, index) => {
					out.set(columns(x!.array, start, rows, stride, width, given), index);
				});
			if (!done) {
				forEachSlice(x!, params.axes, (values, start, index) => {
					out[index] = slice(values, start, n, given, out, index);
				});
			}
			return finished(rule.name, out, type);
		},
		differential:
			weights &&
			((_, [x], out, params) => {
				const { axes, keepDims } = params;
				const kept = keepDims ? out : expandDims(out, axes);
				return new WeightedSum(weights(x!, kept, params), x!.shape, axes, keepDims);
			}),
		typescript: (args, { axes, keepDims, all, ...options }) => {
			const given = { ...(keepDims ? { keepDims } : {}), ...options };
			const chosen = Object.keys(given).length > 0 ? given : undefined;
			const over = axes.length === 1 ? axes[0] : axes;
			return call(rule.name, args, all && chosen === undefined ? undefined : over, chosen);
		},
		latex: ([x], { axes }) => {
			const letters = axisLetters(axes);
			return rule.latex?.(x!, letters) ?? named(rule.name, [x!], letters);
		},
		rule: rule.rule ?? "reduction",
		remark: rule.remark,
		proof: rule.proof,
		slices: { form, axes: (_, { axes }) => axes, numbers },
		lead: (params) => ({ ...axesBehind(params), all: false }),
		print: ([x], params) =>
			printReduction(rule.numpy, x!, params, rule.printOptions?.(params) ?? []),
		traits: rule.traits ?? {},
		sample: (draw) => {
			const shape = draw.shape();
			const drawn = rule.distinct ? draw.distinct(shape) : draw.tensor(shape, rule.domain);
			const x = rule.stretch === undefined ? drawn : stretched(drawn, rule.stretch);
			const least = rule.minSize ?? 0;
			const axes = shape.flatMap((size, i) =>
				size >= least && draw.integer(0, 1) === 1 ? [i] : [],
			);
			const params = {
				...rule.options?.(draw, sliceSize(shape, axes)),
				axes,
				keepDims: draw.integer(0, 1) === 1,
				all: axes.length === shape.length,
			};
			return { inputs: [x], params: params as unknown as P };
		},
		...(rule.conventions && {
			conventions: rule.conventions.map(({ at, weights }) => ({
				inputs: [vector(at)],
				params: { axes: [0], keepDims: false, all: true } as unknown as P,
				gradients: [vector(weights)],
			})),
		}),
	};
	const reduce = (value: TensorLike, axes?: Axes, options?: Options): Tensor => {
		const x = asTensor(rule.name, value);
		const reduced = normalizeAxes(rule.name, axes, x.rank);
		const given = checkOptions(rule.name, options, kinds);
		rule.check?.(sliceSize(x.shape, reduced), given);
		return apply(op, [x], {
			...given,
			axes: reduced,
			keepDims: given.keepDims ?? false,
			all: reduced.length === x.rank,
		});
	};
	return defineOp(op, reduce);
}

/** Each element times a number. */
function stretched(x: Tensor, factor: number): Tensor {
	const out = elements(x).map((value) => factor * value);
	return new Tensor(out, x.dtype, x.shape);
}

/** How many elements a slice along these axes has. */
export function sliceSize(shape: Shape, axes: readonly number[]): number {
	let size = 1;
	for (const axis of axes) size *= shape[axis]!;
	return Number.isNaN(size) ? 0 : size;
}

/**
 * `x.sum(axis=(0, 1), keepdims=True)`, or as a function; a reduction over all axes does not mention
 * them.
 */
export function printReduction(
	name: string,
	x: string,
	{ axes, keepDims, all }: ReduceParams,
	options: readonly string[] = [],
): string {
	const isMethod = name.startsWith("x.");
	const args = isMethod ? [] : [x];
	if (!all) args.push(axes.length === 1 ? `axis=${axes[0]}` : `axis=(${axes.join(", ")})`);
	args.push(...options);
	if (keepDims) args.push("keepdims=True");
	return `${isMethod ? x + name.slice(1) : name}(${args.join(", ")})`;
}
