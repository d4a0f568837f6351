import { calledAs } from "../../core/called-as.ts";
import { alike } from "../../core/lead.ts";
import { asTensor, floating, type Unary } from "../../core/lift.ts";
import { type LinearMap, linearMap } from "../../core/linear-map.ts";
import { apply, type Draw, defineOp } from "../../core/op.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { eliminate } from "../../kernels/elimination.ts";
import { functionCall } from "../../notation/call.ts";
import { named } from "../../notation/mathematics.ts";
import { matrixTranspose } from "../../structure/layout.ts";
import { add, sub } from "../arithmetic.ts";
import { type TriangularOptions, triangularSolve } from "../factorizations.ts";
import { concat } from "../joining.ts";
import { drawBatch } from "../matrices.ts";
import { matmul } from "../products.ts";
import { tril, triu } from "../triangles.ts";
import { eachMatrix } from "./each-matrix.ts";
import { checkMatrices, lowerOf, rowBlocks } from "./parts.ts";
import { drawOfRank } from "./singular-system.ts";

function sampleTall(draw: Draw) {
	const n = draw.integer(0, 3);
	return { inputs: [drawOfRank(draw, drawBatch(draw), n + draw.integer(0, 2), n)], params: null };
}

/**
 * For each place of the rows of a matrix, in elimination with partial pivoting, which row comes
 * there: (…×m×n) gives (…×m), int32. Constant: no gradient.
 */
export const pivotOrder: Unary<"pivotOrder"> = defineOp(
	{
		name: "pivotOrder",
		lead: alike,
		infer: ([x]) => ({ shape: x!.shape.slice(0, -1), dtype: "int32" }),
		evaluate: ([x], _, type) =>
			eachMatrix(x!, type, (a) => {
				const m = x!.shape.at(-2)!;
				const order = Int32Array.from({ length: m }, (_, i) => i);
				eliminate(a, m, x!.shape.at(-1)!, order);
				return order;
			}),
		differential: null,
		typescript: (args) => functionCall("pivotOrder", args),
		latex: ([x]) => named("pivots", [x!]),
		loops: { kind: "call", of: "order of pivots" },
		print: ([x]) => `pivot_order(${x})`,
		sample: sampleTall,
	},
	(value: TensorLike): Tensor => {
		const x = asTensor("pivotOrder", value);
		checkMatrices("pivotOrder", x);
		return apply(pivotOrder.op, [x], null);
	},
);

/**
 * L and U of matrices whose rows are in the order of `pivotOrder` already, as one: (…×m×n) gives
 * (…×m×n), U on and above the diagonal, L below it, whose ones are not stored. `lu` takes them
 * apart. Its derivative is that of a matrix with m ≥ n.
 */
export const eliminated: Unary<"eliminated"> = defineOp(
	{
		name: "eliminated",
		lead: alike,
		infer: ([x]) => ({ shape: x!.shape, dtype: floating.result(x!.dtype) }),
		evaluate: ([x], _, type) =>
			eachMatrix(x!, type, (a) => {
				eliminate(a, x!.shape.at(-2)!, x!.shape.at(-1)!);
				return a;
			}),
		differential: (_, __, out) => mapOfElimination(out),
		typescript: (args) => functionCall("eliminated", args),
		latex: ([x]) => named("lu", [x!]),
		loops: { kind: "call", of: "elimination" },
		print: ([x]) => `elimination(${x})`,
		sample: sampleTall,
	},
	(value: TensorLike): Tensor => {
		const x = asTensor("eliminated", value);
		checkMatrices("eliminated", x);
		return apply(eliminated.op, [x], null);
	},
);

/**
 * With T the upper triangle of L₁⁻¹·dA₁·U⁻¹, where ₁ are the first n rows, dU = T·U and
 * dL = dA·U⁻¹ − L·T.
 */
function mapOfElimination(out: Tensor): LinearMap {
	const [m, n] = [out.shape.at(-2)!, out.shape.at(-1)!];
	const first = (z: Tensor) => rowBlocks(z, [n])[0]!;
	const square = first(out);
	const [l, u] = [lowerOf(out), triu(square)];
	const solved = (z: Tensor, options: TriangularOptions) =>
		calledAs("lu", () => triangularSolve(square, z, options));
	const byLower = (z: Tensor, transposed: boolean) => solved(z, { unitDiagonal: true, transposed });
	const byUpper = (z: Tensor, transposed: boolean) =>
		matrixTranspose(solved(matrixTranspose(z), { lower: false, transposed: !transposed }));
	/** What is added to the first n rows. */
	const addedAbove = (z: Tensor, top: Tensor) => {
		const [above, below] = rowBlocks(z, [n, m - n]) as [Tensor, Tensor];
		return concat([add(above, top), below], -2);
	};
	return linearMap(
		"elimination",
		(dx) => {
			const divided = byUpper(dx, false);
			const t = triu(byLower(first(divided), false));
			return addedAbove(tril(sub(divided, matmul(l, t)), -1), matmul(t, u));
		},
		(g) => {
			const [gL, gU] = [tril(g, -1), triu(first(g))];
			const t = sub(matmul(gU, matrixTranspose(u)), matmul(matrixTranspose(l), gL));
			return byUpper(addedAbove(gL, byLower(triu(t), true)), true);
		},
	);
}
