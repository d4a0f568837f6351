import * as kind from "../../core/argument-kinds.ts";
import { alike } from "../../core/lead.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { type LinearMap, linearMap } from "../../core/linear-map.ts";
import { apply, defineOp, type OpFunction } from "../../core/op.ts";
import { checkOptions } from "../../core/options.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { pseudoinverse } from "../../kernels/linalg/pseudoinverse.ts";
import { functionCall } from "../../notation/call.ts";
import { matrixTranspose } from "../../structure/layout.ts";
import { add, sub } from "../arithmetic.ts";
import { drawBatch } from "../matrices.ts";
import { matmul } from "../products.ts";
import { eachMatrix } from "./each-matrix.ts";
import { checkMatrices, roundingOf } from "./parts.ts";
import { drawOfRank } from "./singular-system.ts";

/** From where on `pinv`, `lstsq` and `matrixRank` count a singular value. */
export interface RankOptions {
	/**
	 * The part of the greatest singular value at or below which one counts as 0; left out: the
	 * greater size of the matrix times 2⁻⁵², or 2⁻²³ for float32.
	 */
	readonly rtol?: number;
}

/** The part of the greatest singular value below which one counts as 0. */
export function toleranceOf(op: string, x: Tensor, options: RankOptions | undefined): number {
	checkMatrices(op, x);
	const { rtol } = checkOptions(op, options, { rtol: kind.notNegative });
	return rtol ?? Math.max(x.shape.at(-2)!, x.shape.at(-1)!) * roundingOf(x);
}

/**
 * The inverse of Moore and Penrose, (…×m×n) to (…×n×m): V·diag(1/σ)·Uᵀ without the singular values
 * that count as 0. Its derivative, with Y = A⁺,
 * dY = −Y·dA·Y + Y·Yᵀ·dAᵀ·(I − A·Y) + (I − Y·A)·dAᵀ·Yᵀ·Y, holds as long as the rank stays (G. Golub
 * and V. Pereyra, "The differentiation of pseudo-inverses …", 1973): equal singular values do not
 * matter. Int32 and bool give float64; a matrix with NaN or ∞ gives NaN.
 * @throws ShapeError for a tensor with fewer than two axes.
 * @throws DomainError when rtol is not a number from 0.
 */
export const pinv: OpFunction<"pinv", (x: TensorLike, options?: RankOptions) => Tensor> = defineOp(
	{
		name: "pinv",
		lead: alike,
		infer: ([x]) => {
			const [m, n] = [x!.shape.at(-2)!, x!.shape.at(-1)!];
			return { shape: [...x!.shape.slice(0, -2), n, m], dtype: floating.result(x!.dtype) };
		},
		evaluate: ([x], { rtol }: { rtol: number }, type) =>
			eachMatrix(x!, type, (a) => pseudoinverse(a, x!.shape.at(-2)!, x!.shape.at(-1)!, rtol)),
		differential: (_, [x], y) => pseudoinverseMap(x!, y),
		typescript: (args, params: { rtol: number }) => functionCall("pinv", args, params),
		latex: ([x]) => `${x}^{+}`,
		loops: { kind: "call", of: "pseudoinverse" },
		print: ([x], { rtol }: { rtol: number }) => `np.linalg.pinv(${x}, ${rtol})`,
		sample: (draw) => ({
			inputs: [drawOfRank(draw, drawBatch(draw), draw.integer(0, 3), draw.integer(0, 3))],
			params: { rtol: 2 ** -50 },
		}),
	},
	(value: TensorLike, options?: RankOptions): Tensor => {
		const x = asTensor("pinv", value);
		return apply(pinv.op, [x], { rtol: toleranceOf("pinv", x, options) });
	},
);

function pseudoinverseMap(x: Tensor, y: Tensor): LinearMap {
	const yT = matrixTranspose(y);
	const [left, right] = [matmul(y, yT), matmul(yT, y)];
	/** z·(I − A·Y) and (I − Y·A)·z. */
	const besideRows = (z: Tensor) => sub(z, matmul(matmul(z, x), y));
	const besideColumns = (z: Tensor) => sub(z, matmul(y, matmul(x, z)));
	return linearMap(
		"pseudoinverse",
		(dx) => {
			const turned = matrixTranspose(dx);
			const rows = matmul(left, besideRows(turned));
			const columns = matmul(besideColumns(turned), right);
			return sub(add(rows, columns), matmul(matmul(y, dx), y));
		},
		(g) => {
			const rows = besideRows(matmul(left, g));
			const columns = besideColumns(matmul(g, right));
			return sub(matrixTranspose(add(rows, columns)), matmul(matmul(yT, g), yT));
		},
	);
}
