import * as kind from "../core/argument-kinds.ts";
import { commonDType, type DType, isFloat } from "../core/dtype.ts";
import { DomainError, DTypeError } from "../core/error.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { checkOptions } from "../core/options.ts";
import { checkShape, type Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import { checkFits, checkKey, tuple } from "./arguments.ts";
import { type DrawParams, randomOp } from "./draws.ts";
import { normalQuantile } from "./normal-quantile.ts";
import { openUniform, uniform24, uniform53 } from "./threefry.ts";

/** Options of `uniform`. */
export interface UniformOptions {
	/** Left out: 0. */
	readonly low?: Tensor | number;
	/** Left out: 1. */
	readonly high?: Tensor | number;
	/** Left out: that of `low` or `high` where one is a float tensor, else float64. */
	readonly dtype?: DType;
}

/**
 * Numbers spread evenly over [low, high), drawn as low + (high − low)·u and so differentiable with
 * respect to tensors `low` and `high`, which broadcast to the shape. u has 53 random bits, in
 * float32 24, and is never 1; the product may still round up to `high`.
 * @throws DomainError when `low` and `high` are numbers and not finite, or `high` is the smaller
 * @throws DTypeError when the dtype is no float dtype, or not that of a tensor
 * @throws ShapeError when a tensor does not broadcast to the shape
 */
export const uniform: OpFunction<
	"uniform",
	(key: Tensor, shape: Shape, options?: UniformOptions) => Tensor
> = defineOp(
	randomOp<"uniform", FloatParams>({
		name: "uniform",
		lowering: "random number",
		dtype: ({ dtype }) => dtype,
		fill: (out, key0, key1, { dtype }) => {
			if (dtype === "float32") {
				for (let i = 0; i < out.length; i++) out[i] = uniform24(key0, key1, i);
			} else {
				for (let i = 0; i < out.length; i++) out[i] = uniform53(key0, key1, i);
			}
		},
		print: (rng, { shape }) => `${rng}.random(${tuple(shape)})`,
		jax: (key, { shape, dtype }) => `uniform(${key}, ${tuple(shape)}, "${dtype}")`,
		sample: (draw) => ({ params: { shape: draw.shape(), dtype: "float64" } }),
	}),
	(key: Tensor, shape: Shape, options?: UniformOptions): Tensor => {
		const kinds = { low: kind.scalar, high: kind.scalar, dtype: kind.dtype };
		const { low = 0, high = 1, dtype } = checkOptions("uniform", options, kinds);
		const params = floatParams("uniform", shape, { low, high }, dtype);
		const u = apply(uniform.op, [checkKey("uniform", key)], params);
		if (typeof low !== "number" || typeof high !== "number") {
			return add(low, mul(sub(high, low), u));
		}
		if (!(high >= low && high - low < Number.POSITIVE_INFINITY)) {
			throw new DomainError(
				`uniform: expected low ≤ high and a finite distance, got ${low} and ${high}`,
			);
		}
		return low === 0 && high === 1 ? u : add(low, mul(high - low, u));
	},
);

/** Options of `normal`. */
export interface NormalOptions {
	/** Left out: 0. */
	readonly mean?: Tensor | number;
	/** The standard deviation; left out: 1. */
	readonly std?: Tensor | number;
	/** Left out: that of `mean` or `std` where one is a float tensor, else float64. */
	readonly dtype?: DType;
}

/**
 * Normally distributed numbers, drawn as mean + std·z and so differentiable with respect to tensors
 * `mean` and `std`, which broadcast to the shape. z is the normal quantile of a uniform number of
 * 52 random bits (one number in, one out,
 * |z| < 8.3), in float32 rounded from that.
 * @throws DomainError when `mean` or `std` is a number and not finite, or `std` is negative
 * @throws DTypeError when the dtype is no float dtype, or not that of a tensor
 * @throws ShapeError when a tensor does not broadcast to the shape
 */
export const normal: OpFunction<
	"normal",
	(key: Tensor, shape: Shape, options?: NormalOptions) => Tensor
> = defineOp(
	randomOp<"normal", FloatParams>({
		name: "normal",
		dtype: ({ dtype }) => dtype,
		fill: (out, key0, key1) => {
			for (let i = 0; i < out.length; i++) out[i] = normalQuantile(openUniform(key0, key1, i));
		},
		print: (rng, { shape }) => `${rng}.standard_normal(${tuple(shape)})`,
		jax: (key, { shape, dtype }) => `normal(${key}, ${tuple(shape)}, "${dtype}")`,
		sample: (draw) => ({ params: { shape: draw.shape(), dtype: "float64" } }),
	}),
	(key: Tensor, shape: Shape, options?: NormalOptions): Tensor => {
		const kinds = { mean: kind.scalar, std: kind.scalar, dtype: kind.dtype };
		const { mean = 0, std = 1, dtype } = checkOptions("normal", options, kinds);
		const params = floatParams("normal", shape, { mean, std }, dtype);
		if (typeof std === "number" && std < 0) {
			throw new DomainError(`normal: expected a standard deviation of at least 0, got ${std}`);
		}
		const z = apply(normal.op, [checkKey("normal", key)], params);
		const scaled = std === 1 ? z : mul(std, z);
		return mean === 0 ? scaled : add(mean, scaled);
	},
);

/** The share of the normal distribution below −2. */
export const SHARE_BELOW = 0.022750131948179198;

/**
 * Standard normal numbers of which none lies beyond −2 or 2: the distribution, cut off there. Its
 * variance is 0.7737. Drawn as `normal` draws, from the uniform numbers between the shares below −2
 * and below 2.
 * @throws DTypeError when the dtype is no float dtype
 */
export const truncatedNormal: OpFunction<
	"truncatedNormal",
	(key: Tensor, shape: Shape, options?: { readonly dtype?: DType }) => Tensor
> = defineOp(
	randomOp<"truncatedNormal", FloatParams>({
		name: "truncatedNormal",
		dtype: ({ dtype }) => dtype,
		fill: (out, key0, key1) => {
			for (let i = 0; i < out.length; i++) {
				const z = normalQuantile(SHARE_BELOW + (1 - 2 * SHARE_BELOW) * openUniform(key0, key1, i));
				// Rounding may carry the outermost numbers past the ends.
				out[i] = Math.min(2, Math.max(-2, z));
			}
		},
		print: (rng, { shape }) => `scipy.stats.truncnorm.rvs(-2, 2, size=${tuple(shape)}, rng=${rng})`,
		jax: (key, { shape, dtype }) => `truncated_normal(${key}, ${tuple(shape)}, "${dtype}")`,
		sample: (draw) => ({ params: { shape: draw.shape(), dtype: "float64" } }),
	}),
	(key: Tensor, shape: Shape, options?: { readonly dtype?: DType }): Tensor => {
		const { dtype } = checkOptions("truncatedNormal", options, { dtype: kind.dtype });
		const params = floatParams("truncatedNormal", shape, {}, dtype);
		return apply(truncatedNormal.op, [checkKey("truncatedNormal", key)], params);
	},
);

/** What a draw of floats needs. */
export type FloatParams = DrawParams & {
	readonly dtype: DType;
};

/** Checks the shape, the parameters of a distribution and the dtype in which they meet. */
export function floatParams(
	op: string,
	shape: Shape,
	parameters: Readonly<Record<string, Tensor | number>>,
	given: DType | undefined,
): FloatParams {
	checkShape(op, shape);
	let dtype = given;
	for (const [name, value] of Object.entries(parameters)) {
		if (value instanceof Tensor) {
			checkFits(op, name, value.shape, shape);
			if (isFloat(value.dtype)) dtype = commonDType(op, dtype ?? value.dtype, value.dtype);
		} else if (!Number.isFinite(value)) {
			throw new DomainError(`${op}: expected a finite ${name}, got ${String(value)}`);
		}
	}
	if (!isFloat(dtype ?? "float64")) {
		throw new DTypeError(`${op}: expected a float dtype, got ${dtype}`);
	}
	return { shape: [...shape], dtype: dtype ?? "float64" };
}
