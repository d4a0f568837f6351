import { full } from "../core/create.ts";
import type { DType } from "../core/dtype.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { mul } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { cholesky, triangularSolve } from "../ops/factorizations.ts";
import { matmul } from "../ops/products.ts";
import {
	normal as drawNormal,
	truncatedNormal as drawTruncated,
	uniform,
} from "../random/continuous.ts";
import { matrixTranspose, reshape } from "../structure/layout.ts";

/** What an initializer is told besides the shape. */
export interface InitializerOptions {
	/** Left out: float64. */
	readonly dtype?: DType;
	/**
	 * How many numbers are summed into an output, and into how many outputs an input goes; left out:
	 * what `fans` says of the shape.
	 */
	readonly fans?: Fans;
}

/** How many inputs an output sums over, and how many outputs an input goes to. */
export interface Fans {
	readonly fanIn: number;
	readonly fanOut: number;
}

/** Draws a tensor of parameters. */
export type Initializer = (key: Tensor, shape: Shape, options?: InitializerOptions) => Tensor;

/**
 * The fans of a shape: a matrix has (inputs×outputs), as in x·w; filters have
 * (outputs×inputs×window…), as in `conv2d`. A vector counts as one input for each output.
 */
export function fans(shape: Shape): Fans {
	const [first = 1, second = 1, ...window] = shape;
	if (shape.length < 2) return { fanIn: 1, fanOut: first };
	if (shape.length === 2) return { fanIn: first, fanOut: second };
	return { fanIn: second * sizeOf(window), fanOut: first * sizeOf(window) };
}

/** Every element the same. */
export function constant(value: number): Initializer {
	return (_, shape, { dtype } = {}) => full(shape, value, { dtype });
}

/** Normally distributed with mean 0 and this standard deviation. */
export function normal(std = 1): Initializer {
	return (key, shape, { dtype } = {}) => drawNormal(key, shape, { std, dtype });
}

/**
 * The standard deviation of a standard normal number between −2 and 2: √(1 − 4φ(2) / (2Φ(2) − 1)).
 */
const TRUNCATED_STD = 0.8796256610342398;

/**
 * Normally distributed, but never beyond two standard deviations of the distribution that is cut
 * off; its own standard deviation, after the cut, is `std`.
 */
export function truncatedNormal(std = 1): Initializer {
	return (key, shape, { dtype } = {}) =>
		mul(drawTruncated(key, shape, { dtype }), std / TRUNCATED_STD);
}

/**
 * Spread evenly from −limit to limit, where the limit makes the variance what `variance` says of
 * the fans: a uniform number has limit²/3.
 */
/* @__NO_SIDE_EFFECTS__ */
function uniformOf(variance: (fans: Fans) => number): Initializer {
	return (key, shape, { dtype, fans: given } = {}) => {
		const limit = Math.sqrt(3 * variance(given ?? fans(shape)));
		return uniform(key, shape, { low: -limit, high: limit, dtype });
	};
}

/** Normally distributed with mean 0 and the variance that `variance` says of the fans. */
/* @__NO_SIDE_EFFECTS__ */
function normalOf(variance: (fans: Fans) => number): Initializer {
	return (key, shape, { dtype, fans: given } = {}) =>
		drawNormal(key, shape, { std: Math.sqrt(variance(given ?? fans(shape))), dtype });
}

// Of no inputs at all nothing is drawn, so that whatever the variance of none is does not matter,
// if only it is finite.
const glorot = ({ fanIn, fanOut }: Fans) => 2 / Math.max(1, fanIn + fanOut);
const he = ({ fanIn }: Fans) => 2 / Math.max(1, fanIn);
const lecun = ({ fanIn }: Fans) => 1 / Math.max(1, fanIn);

/**
 * Uniform with variance 2 / (fanIn + fanOut): between keeping the size of values on the way forward
 * and that of gradients on the way back (X. Glorot and Y. Bengio, "Understanding the difficulty of
 * training deep feedforward neural networks", 2010).
 */
export const glorotUniform: Initializer = uniformOf(glorot);

/** Normal with variance 2 / (fanIn + fanOut); see `glorotUniform`. */
export const glorotNormal: Initializer = normalOf(glorot);

/**
 * Uniform with variance 2 / fanIn: keeps the size of values through layers with `relu`, which
 * halves the mean square (K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers", 2015).
 */
export const heUniform: Initializer = uniformOf(he);

/** Normal with variance 2 / fanIn; see `heUniform`. */
export const heNormal: Initializer = normalOf(he);

/**
 * Uniform with variance 1 / fanIn: keeps the size of values through linear layers (Y. LeCun and
 * others, "Efficient BackProp", 1998).
 */
export const lecunUniform: Initializer = uniformOf(lecun);

/** Normal with variance 1 / fanIn; see `lecunUniform`. */
export const lecunNormal: Initializer = normalOf(lecun);

/**
 * A random matrix with orthonormal columns (rows, if there are fewer of these) times `gain`, every
 * one as likely; of more than two axes the first are the rows and the others together the columns.
 * Each element has variance gain² / max(rows, columns). (A. M. Saxe, J. L. McClelland, S. Ganguli,
 * "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", 2014.)
 */
export function orthogonal(gain = 1): Initializer {
	return (key, shape, { dtype = "float64" } = {}) => {
		const rows = shape[0] ?? 1;
		const columns = sizeOf(shape.slice(1));
		const tall = drawNormal(key, [Math.max(rows, columns), Math.min(rows, columns)]);
		const q = orthonormalized(orthonormalized(tall));
		return astype(reshape(mul(rows < columns ? matrixTranspose(q) : q, gain), shape), dtype);
	};
}

/**
 * Q of A = Q·R, from AᵀA = RᵀR; a second time takes away the rounding that a badly conditioned A
 * leaves.
 */
function orthonormalized(a: Tensor): Tensor {
	const lower = cholesky(matmul(matrixTranspose(a), a));
	return matrixTranspose(triangularSolve(lower, matrixTranspose(a)));
}
