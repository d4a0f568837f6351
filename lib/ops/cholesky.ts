import { allocate, commonDType } from "../core/dtype.ts";
import { alike } from "../core/lead.ts";
import { asTensor, floating, type Unary } from "../core/lift.ts";
import { compose, LinearMap, linearMap } from "../core/linear-map.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import {
	backpropagateUpper,
	copySymmetric,
	factorizeUpper,
	spreadUpper,
	turnLower,
} from "../kernels/cholesky.ts";
import { accumulated } from "../kernels/indices.ts";
import { copyMatrix, transposedOf } from "../kernels/matrix.ts";
import { hasZero } from "../kernels/triangles.ts";
import { functionCall } from "../notation/call.ts";
import { named } from "../notation/mathematics.ts";
import { matrixTranspose } from "../structure/layout.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { checkSquare, drawBatch, drawRegular, forEachMatrix, matrixAt, unfit } from "./matrices.ts";
import { leftMultiply, transposing } from "./product-maps.ts";
import { matmul } from "./products.ts";
import { tril } from "./triangles.ts";
import { triangularSolving } from "./triangular-solve.ts";

/** dA ↦ (dA + dAᵀ) / 2. */
const symmetrizing = /* @__PURE__ */ new LinearMap("symmetric part", (dx) =>
	mul(0.5, add(dx, matrixTranspose(dx))),
);

/** Φ: dx ↦ its lower triangle, the diagonal halved. */
const halving = /* @__PURE__ */ new LinearMap("lower half", (dx) =>
	mul(0.5, add(tril(dx), tril(dx, -1))),
);

/**
 * The lower triangular L with L·Lᵀ = A for each positive definite matrix of a batch, (…×n×n). A
 * stands for its symmetric part (A + Aᵀ)/2, so the gradient is symmetric. With Φ the lower
 * triangle, its diagonal halved, dL = L·Φ(L⁻¹·dA·L⁻ᵀ) (I. Murray, "Differentiation of the Cholesky
 * decomposition", 2016). Int32 and bool give float64.
 * @throws ShapeError when the last two axes are not of one size.
 * @throws DomainError for a matrix that is not positive definite.
 */
export const cholesky: Unary<"cholesky"> = defineOp(
	{
		name: "cholesky",
		lead: alike,
		infer: ([x]) => ({ shape: x!.shape, dtype: floating.result(x!.dtype) }),
		evaluate: ([x], _, { shape, dtype }) => {
			const n = shape.at(-1)!;
			const out = allocate("float64", x!.size);
			forEachMatrix([x!], ([position], index) => {
				const rows = { array: out, at: index * n * n, stride: n };
				copySymmetric(matrixAt(x!, position!), rows, n);
				if (!factorizeUpper(rows, n)) {
					throw unfit("cholesky", "positive definite matrices", "not", x!, index);
				}
				turnLower(rows, n);
			});
			return accumulated("cholesky", out, dtype, shape);
		},
		differential: (_, __, l) => factorDifferential(l),
		latex: ([x]) => named("chol", [x!]),
		loops: { kind: "call", of: "factor of Cholesky" },
		print: ([x]) => `cholesky(${x})`,
		sample: (draw) => ({
			inputs: [drawRegular(draw, drawBatch(draw), draw.integer(0, 3))],
			params: null,
		}),
	},
	(value: TensorLike): Tensor => {
		const x = asTensor("cholesky", value);
		checkSquare("cholesky", x);
		return apply(cholesky.op, [x], null);
	},
);

/** From so many rows on the steps backwards are faster than solutions and a product. */
const MANY = 32;

/** dA ↦ L·Φ(L⁻¹·dA·L⁻ᵀ). */
function factorDifferential(l: Tensor): LinearMap {
	const map = compose(between(l), halving, leftMultiply(l));
	if (l.shape.at(-1)! < MANY) return map;
	return new LinearMap("Cholesky", map.apply, () => factorGradient(l));
}

/** Its transpose. */
function factorGradient(l: Tensor): LinearMap {
	return new LinearMap(
		"gradient of Cholesky",
		(g) => choleskyGradient(l, g),
		() => factorDifferential(l),
	);
}

/** dA ↦ L⁻¹·dA·L⁻ᵀ for the symmetric part of dA. */
function between(l: Tensor): LinearMap {
	const options = { lower: true, transposed: false, unitDiagonal: false };
	const divide = triangularSolving(l, options);
	return compose(symmetrizing, divide, transposing, divide);
}

/**
 * The gradient by A where that by its factor L of Cholesky is g, for the lower triangles of L and
 * g, (…×n×n): the symmetric part of L⁻ᵀ·Φ(Lᵀ·g)·L⁻¹. Int32 and bool give float64.
 * @throws DomainError when there is a 0 on the diagonal of L.
 */
export const choleskyGradient: OpFunction<
	"choleskyGradient",
	(l: TensorLike, g: TensorLike) => Tensor
> = defineOp(
	{
		name: "choleskyGradient",
		lead: alike,
		infer: ([l, g]) => ({
			shape: g!.shape,
			dtype: floating.result(commonDType("choleskyGradient", l!.dtype, g!.dtype)),
		}),
		evaluate: ([l, g], _, { shape, dtype }) => {
			const n = shape.at(-1)!;
			const out = allocate("float64", g!.size);
			forEachMatrix([l!, g!], ([left, right], index) => {
				const upper = transposedOf(matrixAt(l!, left!));
				if (hasZero({ matrix: upper, lower: false, unit: false }, n)) {
					throw unfit("choleskyGradient", "no 0 on the diagonal", "singular", l!, index);
				}
				const rows = { array: out, at: index * n * n, stride: n };
				copyMatrix(transposedOf(matrixAt(g!, right!)), n, n, out, rows.at);
				backpropagateUpper(upper, rows, n);
				spreadUpper(rows, n);
			});
			return accumulated("choleskyGradient", out, dtype, shape);
		},
		differential: (i, [l, g]) => {
			if (i === 1) return factorGradient(tril(l!));
			return compose(insideDifferential(tril(l!), tril(g!)), between(l!).transpose);
		},
		typescript: (args) => functionCall("choleskyGradient", args),
		loops: { kind: "call", of: "gradient of Cholesky" },
		print: ([l, g]) => `cholesky_gradient(${l}, ${g})`,
		sample: (draw) => {
			const [batch, n] = [drawBatch(draw), draw.integer(0, 3)];
			return { inputs: [drawRegular(draw, batch, n), draw.tensor([...batch, n, n])], params: null };
		},
	},
	(l: TensorLike, g: TensorLike): Tensor =>
		apply(
			choleskyGradient.op,
			[asTensor("choleskyGradient", l), asTensor("choleskyGradient", g)],
			null,
		),
);

/**
 * What stands between L⁻ᵀ and L⁻¹ in the derivative of Q = L⁻ᵀ·P·L⁻¹, P = Φ(Lᵀ·g), by L: from
 * dQ = L⁻ᵀ·dP·L⁻¹ − L⁻ᵀ·dLᵀ·Q − Q·dL·L⁻¹ it is Φ(dLᵀ·g) − dLᵀ·(L⁻ᵀ·P) − (P·L⁻¹)·dL.
 */
function insideDifferential(l: Tensor, g: Tensor): LinearMap {
	const options = { lower: true, transposed: true, unitDiagonal: false };
	const { apply: divide } = triangularSolving(l, options);
	const p = halving.apply(matmul(matrixTranspose(l), g));
	const [left, right] = [divide(p), divide(matrixTranspose(p))];
	return linearMap(
		"inside of the gradient of Cholesky",
		(dl) => {
			const d = tril(dl);
			const turned = matrixTranspose(d);
			const moved = add(matmul(turned, left), matmul(matrixTranspose(right), d));
			return sub(halving.apply(matmul(turned, g)), moved);
		},
		(k) => {
			const turned = matrixTranspose(k);
			const byMoved = add(matmul(left, turned), matmul(right, k));
			return tril(sub(matmul(g, matrixTranspose(halving.apply(k))), byMoved));
		},
	);
}
