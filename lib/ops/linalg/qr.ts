import { calledAs } from "../../core/called-as.ts";
import { eye } from "../../core/create.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { apply } from "../../core/op.ts";
import { checkOptions, type OptionKinds } from "../../core/options.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { broadcastTo } from "../../structure/broadcasting.ts";
import { matrixTranspose } from "../../structure/layout.ts";
import { astype } from "../cast.ts";
import { concat } from "../joining.ts";
import { matmul } from "../products.ts";
import { checkMatrices, columnBlocks, rowBlocks } from "./parts.ts";
import { stackedQR } from "./stacked-qr.ts";

/** Options of `qr`. */
export interface QROptions {
	/**
	 * Reduced: Q has as many columns as the lesser size of A; complete: as many as rows, and R has
	 * rows of zeros for the others. Left out: reduced.
	 */
	readonly mode?: "reduced" | "complete";
}

const OPTIONS: OptionKinds<QROptions> = { mode: ["reduced", "complete"] };

/**
 * The QR decomposition A = Q·R: (…×m×n) gives Q (…×m×k), whose columns have length 1 and are
 * perpendicular, and R (…×k×n), upper triangular; k is the lesser of m and n. Signs are fixed: no
 * number on the diagonal of R is negative. Int32 and bool give float64; NaN and ∞ show as NaN.
 *
 * With C = Qᵀ·dA·R⁻¹ of the first k columns and S its upper triangle plus the transpose of what is
 * below, dR = S·R and dQ = dA·R⁻¹ − Q·S (S. Walter and L. Lehmann, "Algorithmic differentiation of
 * linear algebra functions", 2010).
 *
 * The complete Q of more rows than columns is (…×m×m): it is that of A beside the last m − n
 * columns of the identity, which makes the choice of what A does not say one with a derivative.
 * @throws ShapeError for a tensor with fewer than two axes.
 * @throws DomainError when it is differentiated where the first k columns, or for the complete Q
 * the first n rows too, are not independent; and for a mode there is not
 */
export function qr(value: TensorLike, options?: QROptions): [q: Tensor, r: Tensor] {
	const { mode = "reduced" } = checkOptions("qr", options, OPTIONS);
	const x = asTensor("qr", value);
	checkMatrices("qr", x);
	const [m, n] = [x.shape.at(-2)!, x.shape.at(-1)!];
	if (m < n) {
		// The first columns say all of Q, and the others are added up of its columns.
		const [first, others] = columnBlocks(x, [m, n - m]) as [Tensor, Tensor];
		const [q, r] = qr(first);
		return calledAs("qr", () => [q, concat([r, matmul(matrixTranspose(q), others)], -1)]);
	}
	const factorsOf = (a: Tensor, columns: number) =>
		rowBlocks(apply(stackedQR.op, [a], null), [m, columns]) as [Tensor, Tensor];
	if (mode === "reduced" || m === n) return factorsOf(x, n);
	return calledAs("qr", () => {
		const dtype = floating.result(x.dtype);
		const [, others] = columnBlocks(eye(m, { dtype }), [n, m - n]) as [Tensor, Tensor];
		const rest = broadcastTo(others, [...x.shape.slice(0, -2), m, m - n]);
		const [q, r] = factorsOf(concat([astype(x, dtype), rest], -1), m);
		return [q, columnBlocks(r, [n, m - n])[0]!];
	});
}
