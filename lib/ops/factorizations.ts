import * as kind from "../core/argument-kinds.ts";
import { allocate } from "../core/dtype.ts";
import { alike } from "../core/lead.ts";
import { asTensor, floating, type Unary } from "../core/lift.ts";
import { compose, LinearMap, linearMap } from "../core/linear-map.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { subtractRow } from "../kernels/factors.ts";
import { call } from "../notation/call.ts";
import { named } from "../notation/mathematics.ts";
import { matrixTranspose, squeeze } from "../structure/layout.ts";
import { add, mul } from "./arithmetic.ts";
import {
	checkSquare,
	drawBatch,
	drawRegular,
	equation,
	forEachMatrix,
	readMatrix,
	solutionDType,
	unfit,
} from "./matrices.ts";
import { leftMultiply, negate, rightMultiply } from "./product-maps.ts";
import { tril, triu } from "./triangles.ts";

/** The last two axes swapped, on tangents. */
const transposing = /* @__PURE__ */ new LinearMap("transpose", matrixTranspose);

/** dA ↦ (dA + dAᵀ) / 2. */
const symmetrizing = /* @__PURE__ */ new LinearMap("symmetric part", (dx) =>
	mul(0.5, add(dx, matrixTranspose(dx))),
);

/** dx ↦ its lower triangle, the diagonal halved. */
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
			const out = allocate(dtype, x!.size);
			forEachMatrix([x!], ([position], index) => {
				const lower = readMatrix(x!, position!);
				if (!factorizeSymmetric(lower, n)) {
					throw unfit("cholesky", "positive definite matrices", "not", x!, index);
				}
				out.set(lower, index * n * n);
			});
			return new Tensor(out, dtype, shape);
		},
		differential: (_, __, l) => {
			const divide = triangularSolving(l, { lower: true, transposed: false, unitDiagonal: false });
			return compose(symmetrizing, divide, transposing, divide, halving, leftMultiply(l));
		},
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

/**
 * Turns a matrix into the Cholesky factor of its symmetric part; false where a pivot is not
 * positive.
 */
function factorizeSymmetric(a: Float64Array, n: number): boolean {
	for (let i = 0; i < n; i++) {
		for (let j = 0; j <= i; j++) {
			let rest = (a[i * n + j]! + a[j * n + i]!) / 2;
			for (let k = 0; k < j; k++) rest -= a[i * n + k]! * a[j * n + k]!;
			if (j < i) {
				a[i * n + j] = rest / a[j * n + j]!;
			} else {
				if (rest <= 0) return false;
				a[i * n + i] = Math.sqrt(rest);
			}
		}
	}
	for (let i = 0; i < n; i++) a.fill(0, i * n + i + 1, (i + 1) * n);
	return true;
}

type TriangularParams = {
	readonly lower: boolean;
	readonly transposed: boolean;
	readonly unitDiagonal: boolean;
};

/** Which triangle `triangularSolve` reads, and how. */
export interface TriangularOptions {
	/** Reads the lower triangle, or else the upper one; left out: the lower one. */
	readonly lower?: boolean;
	/** Solves with the transpose of that triangle; left out: no. */
	readonly transposed?: boolean;
	/** Takes the diagonal to be ones, without reading it; left out: no. */
	readonly unitDiagonal?: boolean;
}

const TRIANGULAR_OPTIONS: OptionKinds<TriangularOptions> = {
	lower: kind.flag,
	transposed: kind.flag,
	unitDiagonal: kind.flag,
};

/**
 * The solution X of A·X = B for triangular A, of which only the one triangle is read: (…×n×n) and
 * (…×n×m) give (…×n×m); leading axes broadcast, and B may be a vector as in `solve`. The gradient
 * is 0 outside of the triangle. Int32 and bool give float64.
 * @throws ShapeError when A is not square or B does not have n rows.
 * @throws DomainError when there is a 0 on the diagonal.
 */
export const triangularSolve: OpFunction<
	"triangularSolve",
	(a: TensorLike, b: TensorLike, options?: TriangularOptions) => Tensor
> = defineOp(
	{
		name: "triangularSolve",
		lead: alike,
		infer: ([a, b]) => ({ shape: b!.shape, dtype: solutionDType("triangularSolve", a!, b!) }),
		evaluate: ([a, b], params: TriangularParams, { shape, dtype }) => {
			const [n, m] = [shape.at(-2)!, shape.at(-1)!];
			const out = allocate(dtype, b!.size);
			forEachMatrix([a!, b!], ([left, right], index) => {
				const x = readMatrix(b!, right!);
				if (!substitute(readMatrix(a!, left!), x, n, m, params)) {
					throw unfit("triangularSolve", "no 0 on the diagonal", "singular", a!, index);
				}
				out.set(x, index * n * m);
			});
			return new Tensor(out, dtype, shape);
		},
		differential: (i, [a], x, params: TriangularParams) => {
			const divide = triangularSolving(a!, params);
			if (i === 1) return divide;
			const { lower, transposed, unitDiagonal } = params;
			const k = unitDiagonal ? (lower ? -1 : 1) : 0;
			const triangle = new LinearMap("triangle", (dx) => (lower ? tril(dx, k) : triu(dx, k)));
			const read = transposed ? compose(triangle, transposing) : triangle;
			return compose(read, rightMultiply(x), divide, negate);
		},
		typescript: (args, params: TriangularParams) => call("triangularSolve", args, params),
		latex: ([a, b], { transposed }: TriangularParams) =>
			`${a}^{${transposed ? "-\\top" : "-1"}}\\,${b}`,
		loops: { kind: "call", of: "triangular solution" },
		print: ([a, b], { lower, transposed, unitDiagonal }: TriangularParams) => {
			const options = `${transposed ? ", trans=1" : ""}${unitDiagonal ? ", unit_diagonal=True" : ""}`;
			return `solve_triangular(${a}, ${b}${lower ? ", lower=True" : ""}${options})`;
		},
		sample: (draw) => {
			const [batch, n, m] = [drawBatch(draw), draw.integer(0, 3), draw.integer(0, 3)];
			const flag = () => draw.integer(0, 1) === 1;
			return {
				inputs: [drawRegular(draw, batch, n), draw.tensor([...batch, n, m])],
				params: { lower: flag(), transposed: flag(), unitDiagonal: flag() },
			};
		},
	},
	(left: TensorLike, right: TensorLike, options?: TriangularOptions): Tensor => {
		const name = "triangularSolve";
		const given = checkOptions(name, options, TRIANGULAR_OPTIONS);
		const { lower = true, transposed = false, unitDiagonal = false } = given;
		const { a, b, isVector } = equation(name, asTensor(name, left), asTensor(name, right));
		const x = apply(triangularSolve.op, [a, b], { lower, transposed, unitDiagonal });
		return isVector ? squeeze(x, -1) : x;
	},
);

/**
 * Solves in place, row by row from the end at which a row has one unknown; false where the diagonal
 * has a 0.
 */
function substitute(
	a: Float64Array,
	x: Float64Array,
	n: number,
	m: number,
	{ lower, transposed, unitDiagonal }: TriangularParams,
): boolean {
	const forwards = lower !== transposed;
	const [down, across] = transposed ? [1, n] : [n, 1];
	for (let step = 0; step < n; step++) {
		const i = forwards ? step : n - 1 - step;
		const [from, to] = forwards ? [0, i] : [i + 1, n];
		for (let k = from; k < to; k++) subtractRow(x, i, a[i * down + k * across]!, k, m);
		if (unitDiagonal) continue;
		const diagonal = a[i * n + i]!;
		if (diagonal === 0) return false;
		for (let c = i * m; c < (i + 1) * m; c++) x[c]! /= diagonal;
	}
	return true;
}

/** dB ↦ A⁻¹·dB for the triangle of A; its transpose solves with the triangle transposed. */
function triangularSolving(a: Tensor, params: TriangularParams): LinearMap {
	const flipped = { ...params, transposed: !params.transposed };
	return linearMap(
		"triangular solve",
		(db) => apply(triangularSolve.op, [a, db], params),
		(g) => apply(triangularSolve.op, [a, g], flipped),
	);
}
