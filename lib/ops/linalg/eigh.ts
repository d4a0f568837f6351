import { asTensor } from "../../core/lift.ts";
import { apply } from "../../core/op.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { squeeze } from "../../structure/layout.ts";
import { checkSquare } from "../matrices.ts";
import { eigenSystem } from "./eigen-system.ts";
import { rowBlocks } from "./parts.ts";

/**
 * Eigenvalues λ and eigenvectors V of symmetric matrices: (…×n×n) gives (…×n), ascending, and
 * (…×n×n), whose columns have length 1, with A = V·diag(λ)·Vᵀ. A stands for its symmetric part
 * (A + Aᵀ)/2, so the gradient is symmetric. Signs are fixed: of each vector the element of largest
 * size is positive, the first where several are equal to half of the digits. Int32 and bool give
 * float64; a matrix with NaN or ∞ gives NaN.
 *
 * With M = Vᵀ·dA·V, dλᵢ = Mᵢᵢ and dV = V·(F∘M), Fᵢⱼ = 1/(λⱼ − λᵢ) (M. Giles, "An extended
 * collection of matrix derivative results", 2008). Vectors of equal eigenvalues have no derivative:
 * between eigenvalues that differ by less than rounding, 2⁻⁵² of the sum of all their sizes (2⁻²³
 * in float32), F is taken to be 0. A sum of f(λ), which does not depend on the choice of vectors,
 * has an exact gradient there.
 * @throws ShapeError when the last two axes are not of one size.
 */
export function eigh(value: TensorLike): [values: Tensor, vectors: Tensor] {
	const x = asTensor("eigh", value);
	checkSquare("eigh", x);
	const [values, vectors] = rowBlocks(apply(eigenSystem.op, [x], null), [1, x.shape.at(-1)!]);
	return [squeeze(values!, -2), vectors!];
}
