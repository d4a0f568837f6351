import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { ShapeError } from "../../core/error.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { checkOptions, type OptionKinds } from "../../core/options.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { matrixTranspose, reshape } from "../../structure/layout.ts";
import { clip, div, mul, sqrt, sub } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { concat } from "../joining.ts";
import { matmul } from "../products.ts";
import { mean } from "../reductions.ts";
import { diagonal } from "../triangles.ts";

/** Options of `corrcoef`. */
export interface CorrelationOptions {
	/** More variables, as many observations of each. */
	readonly y?: TensorLike;
	/** Rows are variables and columns observations, or else the other way; left out: they are. */
	readonly rowVariables?: boolean;
}

/** Options of `cov`. */
export interface CovarianceOptions extends CorrelationOptions {
	/** The sums are divided by n − ddof; left out: 1. */
	readonly ddof?: number;
}

const CORRELATION: OptionKinds<CorrelationOptions> = {
	y: kind.scalar,
	rowVariables: kind.flag,
};
const COVARIANCE: OptionKinds<CovarianceOptions> = { ...CORRELATION, ddof: kind.notNegative };

/** Variables as rows of floats. */
function variables(op: string, x: TensorLike, areRows: boolean): Tensor {
	const t = asTensor(op, x);
	if (t.rank < 1 || t.rank > 2) {
		throw new ShapeError(
			`${op}: expected a vector or a matrix of variables and observations, got shape ${showShape(t.shape)}`,
		);
	}
	const floats = astype(t, floating.result(t.dtype));
	if (t.rank === 1) return reshape(floats, [1, t.size]);
	return areRows ? floats : matrixTranspose(floats);
}

/** The matrix of all covariances, of any number of variables. */
function covariances(op: string, x: TensorLike, options: CovarianceOptions): Tensor {
	const { y, rowVariables = true, ddof = 1 } = options;
	const first = variables(op, x, rowVariables);
	const all = y === undefined ? first : concat([first, variables(op, y, rowVariables)]);
	const n = all.shape[1]!;
	const apart = sub(all, mean(all, 1, { keepDims: true }));
	return mul(n > ddof ? 1 / (n - ddof) : Number.NaN, matmul(apart, matrixTranspose(apart)));
}

/** A single variable has a number and no matrix of one. */
function withoutAxesOfOne(matrix: Tensor): Tensor {
	return matrix.size === 1 ? reshape(matrix, []) : matrix;
}

/**
 * The covariances of variables, a matrix; of one variable its variance, a number. A vector is one
 * variable. NaN where n ≤ ddof. Int32 and bool give float64.
 * @throws ShapeError for more than two axes, or numbers of observations that differ
 * @throws DomainError when ddof is not a number from 0
 */
export function cov(x: TensorLike, options?: CovarianceOptions): Tensor {
	const given = checkOptions("cov", options, COVARIANCE);
	return calledAs("cov", () => withoutAxesOfOne(covariances("cov", x, given)));
}

/**
 * The correlations of variables, from −1 to 1: covariances divided by both standard deviations. A
 * variable that does not vary has none: NaN. Int32 and bool give float64.
 * @throws ShapeError for more than two axes, or numbers of observations that differ
 */
export function corrcoef(x: TensorLike, options?: CorrelationOptions): Tensor {
	const given = checkOptions("corrcoef", options, CORRELATION);
	return calledAs("corrcoef", () => {
		const matrix = covariances("corrcoef", x, given);
		const deviations = sqrt(diagonal(matrix));
		const n = deviations.size;
		const byRow = div(matrix, reshape(deviations, [n, 1]));
		return withoutAxesOfOne(clip(div(byRow, deviations), -1, 1));
	});
}
