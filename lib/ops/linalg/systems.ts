import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { ShapeError } from "../../core/error.ts";
import { asTensor } from "../../core/lift.ts";
import { checkOptions } from "../../core/options.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { expandDims, squeeze } from "../../structure/layout.ts";
import { triangularSolve } from "../factorizations.ts";
import { matmul } from "../products.ts";
import { checkMatrices } from "./parts.ts";
import { pinv, type RankOptions } from "./pinv.ts";

/** Which factor `choleskySolve` is given. */
export interface CholeskySolveOptions {
	/** It is lower triangular, as `cholesky` gives it; left out: yes. */
	readonly lower?: boolean;
}

/**
 * The solution X of A·X = B by a factor of A that there is already: L with L·Lᵀ = A, or the upper
 * U with Uᵀ·U = A. Only that triangle is read. B may be a vector as in `solve`; leading axes
 * broadcast. Int32 and bool give float64.
 * @throws ShapeError when the factor is not square or B does not have n rows.
 * @throws DomainError when the factor has a 0 on the diagonal.
 */
export function choleskySolve(
	factor: TensorLike,
	b: TensorLike,
	options?: CholeskySolveOptions,
): Tensor {
	const { lower = true } = checkOptions("choleskySolve", options, { lower: kind.flag });
	return calledAs("choleskySolve", () => {
		const between = triangularSolve(factor, b, { lower, transposed: !lower });
		return triangularSolve(factor, between, { lower, transposed: lower });
	});
}

/**
 * The solution of least squares: X with the least ‖A·X − B‖ and, where several have it, the least
 * ‖X‖: (…×m×n) and (…×m×p) give (…×n×p). B may be a vector (…×m) where it has one axis, or one axis
 * fewer than A; leading axes broadcast. It is `pinv`(A)·B, and so is its derivative. What else
 * NumPy's `lstsq` returns, residuals, rank and singular values, is left to `matrixRank` and `svd`.
 * Int32 and bool give float64.
 * @throws ShapeError when B does not have as many rows as A.
 * @throws DomainError when rtol is not a number from 0.
 */
export function lstsq(a: TensorLike, b: TensorLike, options?: RankOptions): Tensor {
	const [left, right] = [asTensor("lstsq", a), asTensor("lstsq", b)];
	checkMatrices("lstsq", left);
	const isVector = right.rank === 1 || right.rank === left.rank - 1;
	const columns = isVector ? expandDims(right, -1) : right;
	if (columns.rank < 2 || columns.shape.at(-2) !== left.shape.at(-2)) {
		throw new ShapeError(
			`lstsq: expected as many rows on the right as the matrix has, got ${showShape(left.shape)} and ${showShape(right.shape)}`,
		);
	}
	return calledAs("lstsq", () => {
		const x = matmul(pinv(left, options), columns);
		return isVector ? squeeze(x, -1) : x;
	});
}
