import { asTensor } from "../../core/lift.ts";
import { apply } from "../../core/op.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { checkSquare } from "../matrices.ts";
import { spectral } from "./spectral.ts";
import type { SymmetricFunction } from "./symmetric-slope.ts";

function applied(op: string, value: TensorLike, of: SymmetricFunction): Tensor {
	const x = asTensor(op, value);
	checkSquare(op, x);
	return apply(spectral.op, [x], { of });
}

/**
 * The square root S of each symmetric positive semidefinite matrix, (…×n×n): the one with S·S = A
 * and no negative eigenvalue. A stands for its symmetric part (A + Aᵀ)/2. Its derivative dS solves
 * S·dS + dS·S = dA and is exact at equal eigenvalues too, to any order. Int32 and bool give
 * float64; a matrix with NaN or ∞ gives NaN. An eigenvalue within rounding, 2⁻⁵² of the sum of the
 * sizes of all (2⁻²³ in float32), counts as 0.
 * @throws ShapeError when the last two axes are not of one size.
 * @throws DomainError for a matrix with a negative eigenvalue, and where one with an eigenvalue 0
 * is differentiated.
 */
export function symmetricSqrt(value: TensorLike): Tensor {
	return applied("symmetricSqrt", value, "root");
}

/**
 * The logarithm L of each symmetric positive definite matrix, (…×n×n): the symmetric one with
 * expm(L) = A. A stands for its symmetric part (A + Aᵀ)/2. Its derivative is the inverse of that of
 * `expm`, and is exact at equal eigenvalues too, to any order. A power of A is
 * `expm(mul(p, symmetricLog(A)))`. Int32 and bool give float64; a matrix with NaN or ∞ gives NaN.
 * @throws ShapeError when the last two axes are not of one size.
 * @throws DomainError for a matrix with an eigenvalue that is not above 0, by more than rounding:
 * 2⁻⁵² of the sum of the sizes of all (2⁻²³ in float32).
 */
export function symmetricLog(value: TensorLike): Tensor {
	return applied("symmetricLog", value, "logarithm");
}
