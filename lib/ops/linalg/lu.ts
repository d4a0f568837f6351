import { calledAs } from "../../core/called-as.ts";
import { asTensor } from "../../core/lift.ts";
import { apply } from "../../core/op.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { broadcastTo } from "../../structure/broadcasting.ts";
import { expandDims } from "../../structure/layout.ts";
import { triangularSolve } from "../factorizations.ts";
import { takeAlongAxis } from "../indexing.ts";
import { concat } from "../joining.ts";
import { triu } from "../triangles.ts";
import { eliminated, pivotOrder } from "./elimination.ts";
import { checkMatrices, columnBlocks, lowerOf, rowBlocks } from "./parts.ts";

/**
 * The LU decomposition with partial pivoting: (…×m×n) gives the order p of the rows (…×m), int32,
 * L (…×m×k), lower triangular with ones on the diagonal, and U (…×k×n), upper triangular, where k
 * is the lesser of m and n and L·U has the rows of A in that order: `take(a, p)` for one matrix.
 * So JAX's `lax.linalg.lu` has it; SciPy's `p_indices` are the inverse of p. No element of L is
 * greater than 1 in size. p has no gradient. Int32 and bool give float64; NaN and ∞ show as NaN.
 *
 * With T the upper triangle of L₁⁻¹·dA₁·U₁⁻¹, of the first k rows and columns, dU = T·U and
 * dL = dA·U⁻¹ − L·T.
 * @throws ShapeError for a tensor with fewer than two axes.
 * @throws DomainError when it is differentiated where the first k columns are not independent.
 */
export function lu(value: TensorLike): [p: Tensor, l: Tensor, u: Tensor] {
	const x = asTensor("lu", value);
	checkMatrices("lu", x);
	const [m, n] = [x.shape.at(-2)!, x.shape.at(-1)!];
	const p = apply(pivotOrder.op, [x], null);
	return calledAs("lu", () => {
		const ordered = takeAlongAxis(x, broadcastTo(expandDims(p, -1), x.shape), -2);
		const [first, others] = columnBlocks(ordered, [Math.min(m, n), Math.max(0, n - m)]);
		const both = apply(eliminated.op, [first!], null);
		const u = triu(rowBlocks(both, [Math.min(m, n)])[0]!);
		if (m >= n) return [p, lowerOf(both), u];
		// The other columns only go through the elimination: U has L⁻¹ times them.
		const rest = triangularSolve(both, others!, { unitDiagonal: true });
		return [p, lowerOf(both), concat([u, rest], -1)];
	});
}
