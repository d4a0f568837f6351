import { alike } from "../../core/lead.ts";
import { asTensor, floating, type Unary, vector } from "../../core/lift.ts";
import { type LinearMap, linearMap } from "../../core/linear-map.ts";
import { apply, type Draw, defineOp } from "../../core/op.ts";
import type { Shape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { symmetricEigen } from "../../kernels/linalg/symmetric-eigen.ts";
import { functionCall } from "../../notation/call.ts";
import { named } from "../../notation/mathematics.ts";
import { expandDims, matrixTranspose, squeeze } from "../../structure/layout.ts";
import { add, mul } from "../arithmetic.ts";
import { concat } from "../joining.ts";
import { checkSquare, drawBatch } from "../matrices.ts";
import { matmul } from "../products.ts";
import { diagonal, diagonalMatrix } from "../triangles.ts";
import { eachMatrix } from "./each-matrix.ts";
import { inverseGaps, rowBlocks, symmetricPart } from "./parts.ts";

/**
 * Eigenvalues and eigenvectors of symmetric matrices as one: (…×n×n) gives (…×(n+1)×n), the values
 * as first row above the vectors, which are columns. `eigh` takes them apart.
 */
export const eigenSystem: Unary<"eigenSystem"> = defineOp(
	{
		name: "eigenSystem",
		lead: alike,
		infer: ([x]) => {
			const n = x!.shape.at(-1)!;
			return { shape: [...x!.shape.slice(0, -2), n + 1, n], dtype: floating.result(x!.dtype) };
		},
		evaluate: ([x], _, type) =>
			eachMatrix(x!, type, (a) => {
				const n = x!.shape.at(-1)!;
				const { values, vectors } = symmetricEigen(a, n);
				const out = new Float64Array((n + 1) * n);
				out.set(values);
				out.set(vectors, n);
				return out;
			}),
		differential: (_, __, out) => eigenMap(out),
		typescript: (args) => functionCall("eigenSystem", args),
		latex: ([x]) => named("eig", [x!]),
		loops: { kind: "call", of: "eigenvalues and eigenvectors" },
		print: ([x]) => `eigen_system(${x})`,
		sample: (draw) => ({
			inputs: [drawSeparate(draw, drawBatch(draw), draw.integer(0, 3))],
			params: null,
		}),
	},
	(value: TensorLike): Tensor => {
		const x = asTensor("eigenSystem", value);
		checkSquare("eigenSystem", x);
		return apply(eigenSystem.op, [x], null);
	},
);

function eigenMap(out: Tensor): LinearMap {
	const [values, vectors] = rowBlocks(out, [1, out.shape.at(-1)!]) as [Tensor, Tensor];
	const turned = matrixTranspose(vectors);
	const over = inverseGaps(values);
	return linearMap(
		"eigenvalues and eigenvectors",
		(dx) => {
			const m = matmul(matmul(turned, symmetricPart(dx)), vectors);
			const own = diagonal(m, { axes: [-2, -1] });
			return concat([expandDims(own, -2), matmul(vectors, mul(over, m))], -2);
		},
		(g) => {
			const [gValues, gVectors] = rowBlocks(g, [1, out.shape.at(-1)!]) as [Tensor, Tensor];
			const between = mul(over, matmul(turned, gVectors));
			const m = add(diagonalMatrix(squeeze(gValues, -2)), between);
			return symmetricPart(matmul(matmul(vectors, m), turned));
		},
	);
}

/** Draws matrices whose eigenvalues are apart. */
function drawSeparate(draw: Draw, batch: Shape, n: number): Tensor {
	const noise = draw.tensor([...batch, n, n], { min: -1, max: 1 });
	const steps = Array.from({ length: n }, (_, i) => 6 * i);
	return add(noise, diagonalMatrix(vector(steps)));
}
