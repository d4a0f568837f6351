import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import type { DType } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { checkOptions } from "../core/options.ts";
import { broadcastShapes, type Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, maximum, mul, neg, sub } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { greaterEqual, where } from "../ops/comparison.ts";
import { log, log1p } from "../ops/exponential.ts";
import { cholesky } from "../ops/factorizations.ts";
import { matmul } from "../ops/products.ts";
import { expandDims, squeeze } from "../structure/layout.ts";
import { checkFits, checkKey, showGiven } from "./arguments.ts";
import { normal, uniform } from "./continuous.ts";

// Draws that are functions of uniform or normal numbers: each element is made of one number.

/** Options of draws that have no parameters: scale and move what they give. */
export interface DTypeOptions {
	/** Left out: float64. */
	readonly dtype?: DType;
}

/** Uniform numbers from [0, 1) for a draw of another name. */
function uniformFor(op: string, key: Tensor, shape: Shape, options: DTypeOptions | undefined) {
	const { dtype = "float64" } = checkOptions(op, options, { dtype: kind.dtype });
	return calledAs(op, () => uniform(checkKey(op, key), shape, { dtype }));
}

/** −log(1 − u), which is finite for u < 1. */
const exponentialOf = (u: Tensor) => neg(log1p(neg(u)));

/**
 * Numbers of the exponential distribution with mean 1, as −log(1 − u) of uniform numbers u; divide
 * by a rate for another one.
 * @throws DTypeError when the dtype is no float dtype
 */
export function exponential(key: Tensor, shape: Shape, options?: DTypeOptions): Tensor {
	return exponentialOf(uniformFor("exponential", key, shape, options));
}

/**
 * Numbers of the Gumbel distribution, −log of exponential ones. Of a uniform number 0 the half of
 * the next one is taken, so that all are finite.
 * @throws DTypeError when the dtype is no float dtype
 */
export function gumbel(key: Tensor, shape: Shape, options?: DTypeOptions): Tensor {
	const u = uniformFor("gumbel", key, shape, options);
	const least = u.dtype === "float32" ? 2 ** -25 : 2 ** -54;
	return neg(log(exponentialOf(maximum(u, least))));
}

/**
 * Numbers of the Laplace distribution with mean 0 and scale 1: exponential ones, half of them
 * negative.
 * @throws DTypeError when the dtype is no float dtype
 */
export function laplace(key: Tensor, shape: Shape, options?: DTypeOptions): Tensor {
	const twice = mul(2, uniformFor("laplace", key, shape, options));
	const isUpper = greaterEqual(twice, 1);
	const size = exponentialOf(sub(twice, astype(isUpper, twice.dtype)));
	return where(isUpper, size, neg(size));
}

/**
 * Vectors of a normal distribution by its mean (…×n) and its covariance matrix (…×n×n): mean + L·z
 * with L·Lᵀ the covariance, so differentiable by both. `shape` is that of the result without its
 * last axis; left out, that of mean and covariance together.
 * @throws ShapeError when they do not fit together, or not to the shape
 * @throws DomainError when a covariance is not positive definite
 */
export function multivariateNormal(
	key: Tensor,
	mean: Tensor,
	covariance: Tensor,
	shape?: Shape,
): Tensor {
	const center = asTensor("multivariateNormal", mean);
	const matrices = asTensor("multivariateNormal", covariance);
	const lower = calledAs("multivariateNormal", () => cholesky(matrices));
	const n = lower.shape.at(-1)!;
	if (center.shape.at(-1) !== n) {
		throw new ShapeError(
			`multivariateNormal: expected a mean (…×${n}) for a covariance (…×${n}×${n}), got ${showGiven(center)}`,
		);
	}
	const shapes = [center.shape.slice(0, -1), lower.shape.slice(0, -2)];
	const batch = shape ?? broadcastShapes("multivariateNormal", shapes);
	checkFits("multivariateNormal", "the mean", center.shape, [...batch, n]);
	checkFits("multivariateNormal", "the covariance", lower.shape, [...batch, n, n]);
	const z = normal(checkKey("multivariateNormal", key), [...batch, n], { dtype: lower.dtype });
	return add(center, squeeze(matmul(lower, expandDims(z, -1)), -1));
}
