import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { checkOptions } from "../../core/options.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { triangularSolve } from "../factorizations.ts";

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
