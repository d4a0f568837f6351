import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { full } from "../../core/create.ts";
import { isFloat } from "../../core/dtype.ts";
import { DomainError, DTypeError, ShapeError } from "../../core/error.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { checkOptions, type OptionKinds } from "../../core/options.ts";
import { showShape } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { sum } from "../../structure/broadcasting.ts";
import { matrixTranspose, reshape } from "../../structure/layout.ts";
import { clip, div, mul, sqrt, sub } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { greater, greaterEqual, where } from "../comparison.ts";
import { concat } from "../joining.ts";
import { matmul } from "../products.ts";
import { mean } from "../reductions.ts";
import { diagonal } from "../triangles.ts";
import { areValuesKnown } from "./sizes.ts";

/** Options of `corrcoef`. */
export interface CorrelationOptions {
	/** More variables, as many observations of each. */
	readonly y?: TensorLike;
	/** Rows are variables and columns observations, or else the other way; left out: they are. */
	readonly rowVariables?: boolean;
	/** How often each observation stands, int32: `fweights` of NumPy's. */
	readonly counts?: TensorLike;
	/** What each observation weighs beside the others: `aweights` of NumPy's. */
	readonly weights?: TensorLike;
}

/** Options of `cov`. */
export interface CovarianceOptions extends CorrelationOptions {
	/**
	 * The sums are divided by n − ddof; left out: 1. With counts n is their sum, and with weights the
	 * divisor is Σw − ddof·Σw²/Σw, where counts c and weights a make w = c·a and w² = c·a².
	 */
	readonly ddof?: number;
}

const CORRELATION: OptionKinds<CorrelationOptions> = {
	y: kind.scalar,
	rowVariables: kind.flag,
	counts: kind.scalar,
	weights: kind.scalar,
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

/** A number from 0 for each of n observations; NaN in place of a negative one that is not known. */
function perObservation(op: string, what: string, given: Tensor, n: number): Tensor {
	if (given.rank !== 1 || given.size !== n) {
		throw new ShapeError(
			`${op}: expected ${what} of shape ${showShape([n])}, one for each observation, got ${showShape(given.shape)}`,
		);
	}
	const negative = areValuesKnown(given) ? elements(given).find((x) => x < 0) : undefined;
	if (negative !== undefined) {
		throw new DomainError(`${op}: expected ${what} from 0, got ${negative}`);
	}
	return where(greaterEqual(given, 0), given, Number.NaN);
}

function whole(op: string, counts: Tensor): Tensor {
	if (!isFloat(counts.dtype)) return counts;
	throw new DTypeError(
		`${op}: expected int32 counts, got ${counts.dtype}; cast them with .astype("int32"), or give weights`,
	);
}

/** The matrix of all covariances, of any number of variables. */
function covariances(op: string, x: TensorLike, options: CovarianceOptions): Tensor {
	const { y, rowVariables = true, ddof = 1, counts, weights } = options;
	const first = variables(op, x, rowVariables);
	const all = y === undefined ? first : concat([first, variables(op, y, rowVariables)]);
	const n = all.shape[1]!;
	if (counts === undefined && weights === undefined) {
		const apart = sub(all, mean(all, 1, { keepDims: true }));
		return mul(n > ddof ? 1 / (n - ddof) : Number.NaN, matmul(apart, matrixTranspose(apart)));
	}
	const ones = full([n], 1, { dtype: all.dtype });
	const own = (what: string, values: Tensor) =>
		perObservation(op, what, isFloat(values.dtype) ? values : astype(values, all.dtype), n);
	const often = counts === undefined ? ones : own("counts", whole(op, asTensor(op, counts)));
	const heavy = weights === undefined ? ones : own("weights", asTensor(op, weights));
	const each = mul(often, heavy);
	const total = sum(each);
	const apart = sub(all, div(sum(mul(all, each), 1, { keepDims: true }), total));
	const lost = weights === undefined ? ddof : mul(ddof, div(sum(mul(each, heavy)), total));
	const divisor = sub(total, lost);
	const sums = matmul(mul(apart, each), matrixTranspose(apart));
	return div(sums, where(greater(divisor, 0), divisor, Number.NaN));
}

/** A single variable has a number and no matrix of one. */
function withoutAxesOfOne(matrix: Tensor): Tensor {
	return matrix.size === 1 ? reshape(matrix, []) : matrix;
}

/**
 * The covariances of variables, a matrix; of one variable its variance, a number. A vector is one
 * variable. NaN where what the sums are divided by is not above 0. Int32 and bool give float64.
 * @throws ShapeError for more than two axes, or numbers of observations that differ
 * @throws DomainError when ddof is not a number from 0, or a count or weight is negative; where it
 * is not known yet, the result is NaN
 * @throws DTypeError for counts that are not whole, and weights of another float dtype
 */
export function cov(x: TensorLike, options?: CovarianceOptions): Tensor {
	const given = checkOptions("cov", options, COVARIANCE);
	return calledAs("cov", () => withoutAxesOfOne(covariances("cov", x, given)));
}

/**
 * The correlations of variables, from −1 to 1: covariances divided by both standard deviations. A
 * variable that does not vary has none: NaN. Int32 and bool give float64.
 * @throws ShapeError for more than two axes, or numbers of observations that differ
 * @throws DomainError when a count or weight is negative; where it is not known yet, the result is
 * NaN
 * @throws DTypeError for counts that are not whole, and weights of another float dtype
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
