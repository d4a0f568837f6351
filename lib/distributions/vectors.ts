import { ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { broadcastShapes, type Shape, showShape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { abs, add, div, mul, square, sub } from "../ops/arithmetic.ts";
import { greater, less, logicalOr } from "../ops/comparison.ts";
import { diagonal } from "../ops/diagonals.ts";
import { log } from "../ops/exponential.ts";
import { cholesky, triangularSolve } from "../ops/factorizations.ts";
import { any } from "../ops/reductions.ts";
import { softmax } from "../ops/softmax.ts";
import { digamma, lgamma } from "../ops/special/gamma.ts";
import { xlogy } from "../ops/special/logarithms.ts";
import { logGamma } from "../random/gamma.ts";
import { multivariateNormal as drawNormal } from "../random/transformed.ts";
import { broadcastTo, sum } from "../structure/broadcasting.ts";
import { expandDims, squeeze } from "../structure/layout.ts";
import { type Distribution, within } from "./distribution.ts";

// Distributions of vectors, along the last axis.

/**
 * The normal distribution of vectors, by its mean (…×n) and its covariance matrix (…×n×n). The
 * variance is that of each component.
 * @throws ShapeError when they do not fit together
 * @throws DomainError when a covariance is not positive definite
 */
export function multivariateNormal(mean: Tensor, covariance: Tensor): Distribution {
	const m = asTensor("multivariateNormal", mean);
	const c = asTensor("multivariateNormal", covariance);
	const n = m.shape.at(-1);
	if (n === undefined || c.rank < 2 || c.shape.at(-1) !== n || c.shape.at(-2) !== n) {
		throw new ShapeError(
			`multivariateNormal: expected a mean (…×n) and a covariance (…×n×n), got ${showShape(m.shape)} and ${showShape(c.shape)}`,
		);
	}
	const batchShape = broadcastShapes("multivariateNormal", [
		m.shape.slice(0, -1),
		c.shape.slice(0, -2),
	]);
	const lower = cholesky(c);
	const logScale = sum(log(diagonal(lower, { axes: [-2, -1] })), -1);
	const constant = 0.5 * n * Math.log(2 * Math.PI);
	return Object.freeze({
		kind: "multivariateNormal",
		parameters: { mean: m, covariance: c },
		batchShape,
		eventShape: [n],
		logProb: (x: TensorLike) => {
			const z = squeeze(triangularSolve(lower, expandDims(sub(x, m), -1)), -1);
			return sub(sub(mul(-0.5, sum(square(z), -1)), logScale), constant);
		},
		sample: (key: Tensor, shape: Shape = batchShape) => drawNormal(key, m, c, shape),
		mean: broadcastTo(m, [...batchShape, n]),
		variance: broadcastTo(diagonal(c, { axes: [-2, -1] }), [...batchShape, n]),
		entropy: () => broadcastTo(add(logScale, constant + 0.5 * n), batchShape),
	});
}

/** How far from 1 the sum of shares may be. */
const ROUNDING = 1e-6;

/** The distribution of Dirichlet: shares that sum to 1, by concentrations (…×n). */
export function dirichlet(concentration: Tensor): Distribution {
	const a = asTensor("dirichlet", concentration);
	const n = a.shape.at(-1);
	if (n === undefined)
		throw new ShapeError("dirichlet: expected concentrations (…×n), got a scalar");
	const batchShape = a.shape.slice(0, -1);
	const total = sum(a, -1);
	const all = expandDims(total, -1);
	const mean = div(a, all);
	const logBeta = sub(sum(lgamma(a), -1), lgamma(total));
	return Object.freeze({
		kind: "dirichlet",
		parameters: { concentration: a },
		batchShape,
		eventShape: [n],
		logProb: (x: TensorLike) => {
			const isOff = greater(abs(sub(sum(x, -1), 1)), ROUNDING);
			const isOutside = logicalOr(any(less(x, 0), -1), isOff);
			return within(isOutside, sub(sum(xlogy(sub(a, 1), x), -1), logBeta));
		},
		sample: (key: Tensor, shape: Shape = batchShape) =>
			softmax(logGamma(key, a, [...shape, n]), -1),
		mean,
		variance: div(mul(mean, sub(1, mean)), add(all, 1)),
		entropy: () => {
			const parts = sum(mul(sub(a, 1), digamma(a)), -1);
			return sub(add(logBeta, mul(sub(total, n), digamma(total))), parts);
		},
	});
}
