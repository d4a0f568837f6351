import { calledAs } from "../../core/called-as.ts";
import { asTensor } from "../../core/lift.ts";
import { apply } from "../../core/op.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { matrixTranspose } from "../../structure/layout.ts";
import { concat } from "../joining.ts";
import { matmul } from "../products.ts";
import { checkMatrices, columnBlocks, rowBlocks } from "./parts.ts";
import { stackedQR } from "./stacked-qr.ts";

/**
 * The reduced QR decomposition A = Q·R: (…×m×n) gives Q (…×m×k), whose columns have length 1 and
 * are perpendicular, and R (…×k×n), upper triangular; k is the lesser of m and n. Signs are fixed:
 * no number on the diagonal of R is negative. Int32 and bool give float64; NaN and ∞ show as NaN.
 *
 * With C = Qᵀ·dA·R⁻¹ of the first k columns and S its upper triangle plus the transpose of what is
 * below, dR = S·R and dQ = dA·R⁻¹ − Q·S (S. Walter and L. Lehmann, "Algorithmic differentiation of
 * linear algebra functions", 2010).
 * @throws ShapeError for a tensor with fewer than two axes.
 * @throws DomainError when it is differentiated where the first k columns are not independent.
 */
export function qr(value: TensorLike): [q: Tensor, r: Tensor] {
	const x = asTensor("qr", value);
	checkMatrices("qr", x);
	const [m, n] = [x.shape.at(-2)!, x.shape.at(-1)!];
	if (m >= n) return rowBlocks(apply(stackedQR.op, [x], null), [m, n]) as [Tensor, Tensor];
	// The first columns say all of Q, and the others are added up of its columns.
	const [first, others] = columnBlocks(x, [m, n - m]) as [Tensor, Tensor];
	const [q, r] = qr(first);
	return calledAs("qr", () => [q, concat([r, matmul(matrixTranspose(q), others)], -1)]);
}
