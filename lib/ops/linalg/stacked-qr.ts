import { calledAs } from "../../core/called-as.ts";
import { ShapeError } from "../../core/error.ts";
import { alike } from "../../core/lead.ts";
import { asTensor, floating, type Unary } from "../../core/lift.ts";
import { type LinearMap, linearMap } from "../../core/linear-map.ts";
import { apply, defineOp } from "../../core/op.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { orthogonalFactors } from "../../kernels/linalg/orthogonal-factors.ts";
import { functionCall } from "../../notation/call.ts";
import { named } from "../../notation/mathematics.ts";
import { matrixTranspose } from "../../structure/layout.ts";
import { add, sub } from "../arithmetic.ts";
import { triangularSolve } from "../factorizations.ts";
import { concat } from "../joining.ts";
import { drawBatch } from "../matrices.ts";
import { matmul } from "../products.ts";
import { tril, triu } from "../triangles.ts";
import { eachMatrix } from "./each-matrix.ts";
import { checkMatrices, rowBlocks } from "./parts.ts";
import { drawOfRank } from "./singular-system.ts";

/**
 * The reduced QR decomposition of matrices with at least as many rows as columns, as one: (…×m×n)
 * gives (…×(m+n)×n), Q above R. `qr` takes them apart.
 */
export const stackedQR: Unary<"stackedQR"> = defineOp(
	{
		name: "stackedQR",
		lead: alike,
		infer: ([x]) => {
			const [m, n] = [x!.shape.at(-2)!, x!.shape.at(-1)!];
			return { shape: [...x!.shape.slice(0, -2), m + n, n], dtype: floating.result(x!.dtype) };
		},
		evaluate: ([x], _, type) =>
			eachMatrix(x!, type, (a) => {
				const [m, n] = [x!.shape.at(-2)!, x!.shape.at(-1)!];
				const out = new Float64Array((m + n) * n);
				// A column of zeros needs no reflection, and would not see that another has a NaN.
				if (a.some(Number.isNaN)) return out.fill(Number.NaN);
				const { q, r } = orthogonalFactors(a, m, n);
				out.set(q);
				out.set(r, q.length);
				return out;
			}),
		differential: (_, __, out) => mapOfQR(out),
		typescript: (args) => functionCall("stackedQR", args),
		latex: ([x]) => named("qr", [x!]),
		loops: { kind: "call", of: "QR decomposition" },
		print: ([x]) => `stacked_qr(${x})`,
		sample: (draw) => {
			const n = draw.integer(0, 3);
			return {
				inputs: [drawOfRank(draw, drawBatch(draw), n + draw.integer(0, 2), n)],
				params: null,
			};
		},
	},
	(value: TensorLike): Tensor => {
		const x = asTensor("stackedQR", value);
		checkMatrices("stackedQR", x);
		if (x.shape.at(-2)! < x.shape.at(-1)!) {
			throw new ShapeError(
				`stackedQR: expected at least as many rows as columns, got shape ${showShape(x.shape)}`,
			);
		}
		return apply(stackedQR.op, [x], null);
	},
);

function mapOfQR(out: Tensor): LinearMap {
	const n = out.shape.at(-1)!;
	const parts = (x: Tensor) => rowBlocks(x, [x.shape.at(-2)! - n, n]) as [Tensor, Tensor];
	const [q, r] = parts(out);
	/** z·R⁻¹, and with the transpose of R. */
	const divided = (z: Tensor, transposed: boolean) =>
		calledAs("qr", () =>
			matrixTranspose(triangularSolve(r, matrixTranspose(z), { lower: false, transposed })),
		);
	return linearMap(
		"QR decomposition",
		(dx) => {
			const turned = divided(dx, true);
			const c = matmul(matrixTranspose(q), turned);
			const s = add(triu(c), matrixTranspose(tril(c, -1)));
			return concat([sub(turned, matmul(q, s)), matmul(s, r)], -2);
		},
		(g) => {
			const [gQ, gR] = parts(g);
			const s = sub(matmul(gR, matrixTranspose(r)), matmul(matrixTranspose(q), gQ));
			const c = add(triu(s), tril(matrixTranspose(s), -1));
			return divided(add(gQ, matmul(q, c)), false);
		},
	);
}
