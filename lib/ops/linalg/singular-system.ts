import { eye } from "../../core/create.ts";
import { alike } from "../../core/lead.ts";
import { asTensor, floating, type Unary, vector } from "../../core/lift.ts";
import { type LinearMap, linearMap } from "../../core/linear-map.ts";
import { apply, type Draw, defineOp } from "../../core/op.ts";
import type { Shape } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { singularDecomposition } from "../../kernels/linalg/singular-decomposition.ts";
import { functionCall } from "../../notation/call.ts";
import { named } from "../../notation/mathematics.ts";
import { sum } from "../../structure/broadcasting.ts";
import { expandDims, matrixTranspose, squeeze } from "../../structure/layout.ts";
import { add, div, mul, sub } from "../arithmetic.ts";
import { lessEqual, where } from "../comparison.ts";
import { concat } from "../joining.ts";
import { drawBatch } from "../matrices.ts";
import { matmul } from "../products.ts";
import { diagonal, diagonalMatrix } from "../triangles.ts";
import { eachMatrix } from "./each-matrix.ts";
import { checkMatrices, inverseGaps, roundingOf, rowBlocks } from "./parts.ts";

/**
 * The thin singular value decomposition of matrices as one: (…×m×n) gives (…×(m+1+n)×k), U above
 * the singular values in a row above V; k is the lesser of m and n. `svd` takes them apart.
 */
export const singularSystem: Unary<"singularSystem"> = defineOp(
	{
		name: "singularSystem",
		lead: alike,
		infer: ([x]) => {
			const [m, n] = [x!.shape.at(-2)!, x!.shape.at(-1)!];
			const shape = [...x!.shape.slice(0, -2), m + 1 + n, Math.min(m, n)];
			return { shape, dtype: floating.result(x!.dtype) };
		},
		evaluate: ([x], _, type) =>
			eachMatrix(x!, type, (a) => {
				const { u, values, v } = singularDecomposition(a, x!.shape.at(-2)!, x!.shape.at(-1)!);
				const out = new Float64Array(u.length + values.length + v.length);
				out.set(u);
				out.set(values, u.length);
				out.set(v, u.length + values.length);
				return out;
			}),
		differential: (_, [x], out) => singularMap(x!.shape.at(-2)!, x!.shape.at(-1)!, out),
		typescript: (args) => functionCall("singularSystem", args),
		latex: ([x]) => named("svd", [x!]),
		loops: { kind: "call", of: "singular value decomposition" },
		print: ([x]) => `singular_system(${x})`,
		sample: (draw) => ({
			inputs: [drawOfRank(draw, drawBatch(draw), draw.integer(0, 3), draw.integer(0, 3))],
			params: null,
		}),
	},
	(value: TensorLike): Tensor => {
		const x = asTensor("singularSystem", value);
		checkMatrices("singularSystem", x);
		return apply(singularSystem.op, [x], null);
	},
);

function singularMap(m: number, n: number, out: Tensor): LinearMap {
	const parts = (x: Tensor) => rowBlocks(x, [m, 1, n]) as [Tensor, Tensor, Tensor];
	const [u, values, v] = parts(out);
	const [uT, vT] = [matrixTranspose(u), matrixTranspose(v)];
	const k = values.shape.at(-1)!;
	const gaps = inverseGaps(values);
	const sums = inverseOrZero(add(values, matrixTranspose(values)), values);
	const inverse = inverseOrZero(values, values);
	const isKink = lessEqual(values, limitOf(values));
	/** What a matrix has outside of the space of perpendicular columns. */
	const outside = (x: Tensor, columns: Tensor, rows: Tensor) =>
		sub(x, matmul(columns, matmul(rows, x)));
	return linearMap(
		"singular value decomposition",
		(dx) => {
			const [dxV, dxTU] = [matmul(dx, v), matmul(matrixTranspose(dx), u)];
			const p = matmul(uT, dxV);
			const pT = matrixTranspose(p);
			const [even, odd] = [mul(gaps, add(p, pT)), mul(sums, sub(p, pT))];
			const turned = (columns: Tensor, by: Tensor) => matmul(columns, mul(0.5, by));
			let [du, dv] = [turned(u, add(even, odd)), turned(v, sub(even, odd))];
			if (m > k) du = add(du, mul(outside(dxV, u, uT), inverse));
			if (n > k) dv = add(dv, mul(outside(dxTU, v, vT), inverse));
			const own = expandDims(diagonal(p, { axes: [-2, -1] }), -2);
			return concat([du, where(isKink, 0, own), dv], -2);
		},
		(g) => {
			const [gU, gValues, gV] = parts(g);
			const [a, b] = [matmul(uT, gU), matmul(vT, gV)];
			const [even, odd] = [mul(gaps, add(a, b)), mul(sums, sub(a, b))];
			const turned = mul(
				0.5,
				add(add(even, matrixTranspose(even)), sub(odd, matrixTranspose(odd))),
			);
			const own = diagonalMatrix(squeeze(where(isKink, 0, gValues), -2));
			let left = matmul(u, add(turned, own));
			if (m > k) left = add(left, mul(outside(gU, u, uT), inverse));
			const dx = matmul(left, vT);
			if (n === k) return dx;
			return add(dx, matmul(u, matrixTranspose(mul(outside(gV, v, vT), inverse))));
		},
	);
}

/** What counts as 0 beside singular values in a row. */
function limitOf(values: Tensor): Tensor {
	return mul(roundingOf(values), sum(values, -1, { keepDims: true }));
}

/** 1/x, or 0 where x is 0 to rounding. */
function inverseOrZero(x: Tensor, values: Tensor): Tensor {
	const isZero = lessEqual(x, limitOf(values));
	return where(isZero, 0, div(1, where(isZero, 1, x)));
}

/** Draws matrices of full rank whose singular values are apart. */
export function drawOfRank(draw: Draw, batch: Shape, m: number, n: number): Tensor {
	const noise = draw.tensor([...batch, m, n], { min: -1, max: 1 });
	const steps = Array.from({ length: n }, (_, i) => 6 * i + 6);
	return add(noise, mul(eye(m, n), vector(steps)));
}
