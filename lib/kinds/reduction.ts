import { allocate, type DType, doesNotFit, type Storage } from "../dtype.ts";
import { type LinearMap, linearMap } from "../linear-map.ts";
import { apply, type Domain, type Op, type OpFunction, withOp } from "../op.ts";
import { type Axes, normalizeAxes, reducedShape, sizeOf } from "../shape.ts";
import { elements } from "../strided.ts";
import { Tensor, type TensorLike } from "../tensor.ts";
import { asTensor, type DTypeRule, floating } from "./lift.ts";

/** Whether reduced axes stay, with size 1. */
export interface ReduceOptions {
	readonly keepDims?: boolean;
}

/** What a reduction needs besides its tensor; `axes` are ascending and not negative. */
export interface ReduceParams {
	readonly axes: readonly number[];
	readonly keepDims: boolean;
}

/** The type of a public function that reduces over axes. */
export type Reduction<Name extends string, Options = ReduceOptions> = OpFunction<
	Name,
	(x: TensorLike, axes?: Axes, options?: Options) => Tensor
>;

/** What states a reduction. */
export interface ReductionRule<Name extends string, Options extends ReduceOptions> {
	readonly name: Name;
	/** Reduces the n elements from `start`. */
	readonly evaluate: (
		x: Storage,
		start: number,
		n: number,
		params: ReduceParams & Options,
	) => number;
	/**
	 * ∂out/∂x, broadcast to the shape of x, as a function of x and of the result with the reduced axes kept
	 * at size 1: then d out = Σ weight ∘ dx. Null: the op is constant almost everywhere.
	 */
	readonly weights:
		| ((x: Tensor, out: Tensor, params: ReduceParams & Options) => Tensor | number)
		| null;
	/** The NumPy function that does the same. */
	readonly numpy: string;
	/** Left out: `floating`. */
	readonly dtype?: DTypeRule;
	/** Checks and completes the options, and the number of elements that one result is made of. */
	readonly check?: (n: number, options: Options) => void;
	readonly domain?: Domain;
	/** Draw elements apart from each other: the op has a kink where they are equal. */
	readonly distinct?: boolean;
	/** The smallest axis that the op accepts, for drawing samples; left out: 0. */
	readonly minSize?: number;
}

/**
 * An op that reduces over axes to a scalar function of the elements along them. The rule states
 * ∂out/∂x as a weight for each element; the derivative is the weighted sum, and its transpose spreads
 * a cotangent out by the same weights.
 */
export function reduction<Name extends string, Options extends ReduceOptions = ReduceOptions>(
	rule: ReductionRule<Name, Options>,
): Reduction<Name, Options> {
	type P = ReduceParams & Options;
	const dtypes = rule.dtype ?? floating;
	const { weights } = rule;
	const op: Op<Name, P> = {
		name: rule.name,
		infer: ([x], params) => ({
			shape: reducedShape(x!.shape, params.axes, params.keepDims),
			dtype: dtypes.result(x!.dtype),
		}),
		evaluate: ([x], params, type) =>
			reduceTrailing(rule.name, x!, params.axes, type, (values, start, n) =>
				rule.evaluate(values, start, n, params),
			),
		differential:
			weights &&
			((_, [x], out, params) => {
				const kept = params.keepDims ? out : out.expandDims(params.axes);
				return weightedSum(weights(x!, kept, params), x!.shape, params);
			}),
		print: ([x], params) => printReduction(rule.numpy, x!, params),
		sample: (draw) => {
			const shape = draw.shape({ minSize: rule.minSize ?? 0 });
			const x = rule.distinct ? draw.distinct(shape) : draw.tensor(shape, rule.domain);
			const axes = shape.map((_, i) => i).filter(() => draw.integer(0, 1) === 1);
			return { inputs: [x], params: { axes, keepDims: draw.integer(0, 1) === 1 } as unknown as P };
		},
	};
	const call = (value: TensorLike, axes?: Axes, options?: Options): Tensor => {
		const x = asTensor(rule.name, value);
		const reduced = normalizeAxes(rule.name, axes, x.rank);
		const given = options ?? ({} as Options);
		rule.check?.(sizeOf(reduced.map((axis) => x.shape[axis]!)), given);
		return apply(op, [x], { ...given, axes: reduced, keepDims: given.keepDims ?? false });
	};
	return withOp(op, call);
}

/** dx ↦ Σ weight ∘ dx over the axes; its transpose spreads g over them, weighted. */
export function weightedSum(
	weight: Tensor | number,
	shape: readonly number[],
	{ axes, keepDims }: ReduceParams,
): LinearMap {
	const weigh = (dx: Tensor) => (weight === 1 ? dx : dx.scale(weight));
	return linearMap(
		"weighted sum",
		(dx) => weigh(dx).sum(axes, { keepDims }),
		(g) => weigh((keepDims ? g : g.expandDims(axes)).broadcastTo(shape)),
	);
}

/** Reduces the given axes with a function of n neighbouring elements. */
export function reduceTrailing(
	op: string,
	x: Tensor,
	axes: readonly number[],
	type: { readonly shape: readonly number[]; readonly dtype: DType },
	reduce: (values: Storage, start: number, n: number) => number,
): Tensor {
	const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
	const values = elements(axes.length === 0 ? x : x.permute([...kept, ...axes]));
	const n = sizeOf(axes.map((axis) => x.shape[axis]!));
	const out = allocate(type.dtype, sizeOf(type.shape));
	for (let i = 0; i < out.length; i++) {
		const value = reduce(values, i * n, n);
		if (type.dtype === "int32" && value !== (value | 0)) throw doesNotFit(op, value);
		out[i] = value;
	}
	return new Tensor(out, type.dtype, type.shape);
}

/** `np.sum(x, axis=(0, 1), keepdims=True)`. */
export function printReduction(name: string, x: string, { axes, keepDims }: ReduceParams): string {
	const axis = axes.length === 1 ? `${axes[0]}` : `(${axes.join(", ")})`;
	return `${name}(${x}, axis=${axis}${keepDims ? ", keepdims=True" : ""})`;
}
