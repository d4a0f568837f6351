import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { checkArgument, checkOptions } from "../../core/options.ts";
import type { Axes } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { sum } from "../../structure/broadcasting.ts";
import { expandDims } from "../../structure/layout.ts";
import type { ReduceOptions } from "../../structure/reduction.ts";
import { abs, div, mul } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { equal, greater, notEqual, where } from "../comparison.ts";
import { max, min } from "../extremes.ts";
import { inverse } from "../linear-algebra.ts";
import { norm } from "../reductions.ts";
import { slice } from "../slicing.ts";
import { checkMatrices } from "./parts.ts";
import { type RankOptions, toleranceOf } from "./pinv.ts";
import { powerNorm } from "./power-norm.ts";
import { svd } from "./svd.ts";

/** Options of `vectorNorm`. */
export type VectorNormOptions = ReduceOptions & {
	/** The order p; left out: 2. */
	readonly ord?: number;
};

/**
 * A norm of the vectors along axes (all of them when none are given): (Σ|x|^p)^(1/p) for the order
 * p, the greatest size for ∞, the least for −∞, how many are not 0 for 0. As NumPy, it takes p < 1,
 * which are no norms. No power over- or underflows on the way. Derivatives at 0 are 0, as those of
 * |x|; of equal greatest or least sizes the first takes it all. Int32 and bool give float64.
 * @throws DomainError when the order is no number.
 */
export function vectorNorm(x: TensorLike, axes?: Axes, options?: VectorNormOptions): Tensor {
	const kinds = { ord: order, keepDims: kind.flag };
	const { ord = 2, keepDims = false } = checkOptions("vectorNorm", options, kinds);
	const given = asTensor("vectorNorm", x);
	return calledAs("vectorNorm", () => {
		const v = astype(given, floating.result(given.dtype));
		switch (ord) {
			case 2:
				return norm(v, axes, { keepDims });
			case 1:
				return sum(abs(v), axes, { keepDims });
			case 0:
				return sum(astype(notEqual(v, 0), v.dtype), axes, { keepDims });
			case Number.POSITIVE_INFINITY:
				return max(abs(v), axes, { keepDims });
			case Number.NEGATIVE_INFINITY:
				return min(abs(v), axes, { keepDims });
			default:
				return powerNorm(v, axes, { p: ord, keepDims });
		}
	});
}

/** Options of `matrixNorm`. */
export type MatrixNormOptions = {
	/**
	 * "fro" for the root of the sum of squares, "nuc" for the sum of the singular values, 2 and −2
	 * for the greatest and the least of them, 1 and −1 for the greatest and the least sum of sizes
	 * of a column, ∞ and −∞ of a row; left out: "fro".
	 */
	readonly ord?: "fro" | "nuc" | number;
	/** Whether the last two axes stay, with size 1; left out: no. */
	readonly keepDims?: boolean;
};

/**
 * A norm of each matrix of a batch, (…×m×n) to (…). Those by singular values have exact derivatives
 * where some of these are equal, of order 2 for the sum of them; a singular value of 0 and what is
 * not the greatest have derivative 0, and of equal greatest sums or values the first takes it all.
 * Int32 and bool give float64.
 * @throws ShapeError for a tensor with fewer than two axes, or for one of no rows or columns where
 * the norm has a greatest or least.
 * @throws DomainError for another order.
 */
export function matrixNorm(x: TensorLike, options?: MatrixNormOptions): Tensor {
	const kinds = { ord: matrixOrder, keepDims: kind.flag };
	const { ord = "fro", keepDims = false } = checkOptions("matrixNorm", options, kinds);
	const given = asTensor("matrixNorm", x);
	checkMatrices("matrixNorm", given);
	return calledAs("matrixNorm", () => {
		const v = astype(given, floating.result(given.dtype));
		if (ord === "fro") return norm(v, [-2, -1], { keepDims });
		const out = ofSums(v, ord) ?? ofSingularValues(svd(v)[1], ord);
		return keepDims ? expandDims(out, [-2, -1]) : out;
	});
}

/** The greatest or the least sum of sizes of a column or row; null for another norm. */
function ofSums(x: Tensor, ord: string | number): Tensor | null {
	const size = Math.abs(Number(ord));
	if (size !== 1 && size !== Number.POSITIVE_INFINITY) return null;
	const sums = sum(abs(x), size === 1 ? -2 : -1);
	return Number(ord) > 0 ? max(sums, -1) : min(sums, -1);
}

function ofSingularValues(values: Tensor, ord: string | number): Tensor {
	if (ord === "nuc") return sum(values, -1);
	return ord === 2 ? max(values, -1) : min(values, -1);
}

/**
 * How much a matrix enlarges relative errors, the norm of it times that of its inverse: for the
 * order 2, which it has when none is given, the greatest over the least singular value, ∞ for a
 * singular matrix; that takes matrices that are not square too. NumPy calls it `cond`.
 * @throws ShapeError when the last two axes are not of one size and the order is not 2.
 * @throws DomainError for another order, or a singular matrix and an order other than 2.
 */
export function conditionNumber(x: TensorLike, ord: "fro" | "nuc" | number = 2): Tensor {
	const given = asTensor("conditionNumber", x);
	checkMatrices("conditionNumber", given);
	checkArgument("conditionNumber", "ord", ord, matrixOrder);
	return calledAs("conditionNumber", () => {
		if (ord !== 2) return mul(matrixNorm(given, { ord }), matrixNorm(inverse(given), { ord }));
		const values = svd(given)[1];
		const least = min(values, -1);
		const isSingular = equal(least, 0);
		const ratio = div(max(values, -1), where(isSingular, 1, least));
		return where(isSingular, Number.POSITIVE_INFINITY, ratio);
	});
}

/**
 * The rank of each matrix of a batch, (…×m×n) to (…), int32: how many singular values there are
 * beside those that count as 0. One with NaN or ∞ has rank 0, as in NumPy. Constant: no gradient.
 * @throws ShapeError for a tensor with fewer than two axes.
 * @throws DomainError when rtol is not a number from 0.
 */
export function matrixRank(x: TensorLike, options?: RankOptions): Tensor {
	const given = asTensor("matrixRank", x);
	const rtol = toleranceOf("matrixRank", given, options);
	return calledAs("matrixRank", () => {
		const values = svd(given)[1];
		const before = new Array<null>(values.rank - 1).fill(null);
		return sum(greater(values, mul(rtol, slice(values, ...before, [0, 1]))), -1);
	});
}

const order: kind.ArgumentKind = {
	expected: "a number",
	holds: (x) => typeof x === "number" && !Number.isNaN(x),
};

const ORDERS: readonly unknown[] = [
	...["fro", "nuc", 1, -1, 2, -2],
	...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];

const matrixOrder: kind.ArgumentKind = {
	expected: `one of ${ORDERS.join(", ")}`,
	holds: (x) => ORDERS.includes(x),
};
