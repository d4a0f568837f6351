import { asTensor } from "../../core/lift.ts";
import { apply } from "../../core/op.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { matrixTranspose, squeeze } from "../../structure/layout.ts";
import { checkMatrices, rowBlocks } from "./parts.ts";
import { singularSystem } from "./singular-system.ts";

/**
 * The thin singular value decomposition A = U·diag(σ)·Vᵀ: (…×m×n) gives U (…×m×k), σ (…×k),
 * descending, and Vᵀ (…×k×n), k the lesser of m and n, as NumPy with `full_matrices=False`. The
 * columns of U and the rows of Vᵀ have length 1. Signs are fixed: of each column of U the element
 * of largest size is positive, the first where several are equal to half of the digits. Int32 and
 * bool give float64; a matrix with NaN or ∞ gives NaN.
 *
 * With P = Uᵀ·dA·V, dσᵢ = Pᵢᵢ, and U and V turn by ½·(E∘(P + Pᵀ) ± H∘(P − Pᵀ)),
 * Eᵢⱼ = 1/(σⱼ − σᵢ) and Hᵢⱼ = 1/(σⱼ + σᵢ): what M. Giles has ("An extended collection of matrix
 * derivative results", 2008), with its fractions apart. Vectors of equal singular values have no
 * derivative, and a singular value of 0 is a kink, as |x| has: where a difference or sum is below
 * rounding, 2⁻⁵² of the sum of all singular values (2⁻²³ in float32), E, H, 1/σ and dσ are taken to
 * be 0. What does not depend on the choice of vectors, as the sum of the singular values or U·Vᵀ,
 * has an exact gradient where they are equal.
 * @throws ShapeError for a tensor with fewer than two axes.
 */
export function svd(value: TensorLike): [u: Tensor, values: Tensor, vT: Tensor] {
	const x = asTensor("svd", value);
	checkMatrices("svd", x);
	const [m, n] = [x.shape.at(-2)!, x.shape.at(-1)!];
	const [u, values, v] = rowBlocks(apply(singularSystem.op, [x], null), [m, 1, n]);
	return [u!, squeeze(values!, -2), matrixTranspose(v!)];
}
