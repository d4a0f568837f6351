import { allocate, commonDType } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { alike } from "../core/lead.ts";
import { asTensor, floating, type Unary } from "../core/lift.ts";
import { compose, LinearMap, linearMap, WeightedSum } from "../core/linear-map.ts";
import { apply, type Draw, defineOp, type OpFunction, type TensorType } from "../core/op.ts";
import { sameShape, showShape, sizeOf } from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { adjugateAlong } from "../kernels/adjugate.ts";
import { factored } from "../kernels/elimination.ts";
import {
	determinantOf,
	type Factors,
	inverseOf,
	isSingular,
	solveDiagonal,
	solveFactored,
} from "../kernels/factors.ts";
import { named } from "../notation/mathematics.ts";
import { broadcastTo, sum } from "../structure/broadcasting.ts";
import { expandDims, matrixTranspose, squeeze } from "../structure/layout.ts";
import { mul, sub } from "./arithmetic.ts";
import { scale } from "./masks.ts";
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
import { leftMultiply, negate, rightMultiply, transposing } from "./product-maps.ts";
import { matmul } from "./products.ts";

/** The type of a public function that solves equations with a matrix. */
export type Solver<Name extends string> = OpFunction<
	Name,
	(a: TensorLike, b: TensorLike) => Tensor
>;

/** A function of square matrices, checked. */
/* @__NO_SIDE_EFFECTS__ */
function ofSquare<Name extends string>(
	op: Unary<Name>["op"] & { readonly name: Name },
): Unary<Name> {
	const record = { ...op, lead: alike };
	return defineOp(record, (value: TensorLike): Tensor => {
		const x = asTensor(op.name, value);
		checkSquare(op.name, x);
		return apply(record, [x], null);
	});
}

function sampleRegular(draw: Draw) {
	return { inputs: [drawRegular(draw, drawBatch(draw), draw.integer(0, 3))], params: null };
}

/**
 * Factorizes each matrix of a batch and stores the elements of the result that `compute` makes of
 * it.
 */
function evaluateEach(
	x: Tensor,
	{ shape, dtype }: TensorType,
	compute: (factors: Factors, index: number) => ArrayLike<number>,
): Tensor {
	const n = x.shape.at(-1)!;
	const out = allocate(dtype, sizeOf(shape));
	forEachMatrix([x], ([position], index) => {
		const result = compute(factored(readMatrix(x, position!), n), index);
		out.set(result, index * result.length);
	});
	return new Tensor(out, dtype, shape);
}

/** The type of a result with one matrix for each, and with one number for each. */
const matrixType = ([x]: readonly Tensor[]): TensorType => ({
	shape: x!.shape,
	dtype: floating.result(x!.dtype),
});
const numberType = ([x]: readonly Tensor[]): TensorType => ({
	shape: x!.shape.slice(0, -2),
	dtype: floating.result(x!.dtype),
});

/** dA ↦ Σ weight ∘ dA, a number for each matrix. */
function innerProductWith(weight: Tensor): WeightedSum {
	return new WeightedSum(weight, weight.shape, [weight.rank - 2, weight.rank - 1], false);
}

/**
 * The inverse of each matrix of a batch, (…×n×n). From A·Y = I follows dY = −Y·dA·Y. Int32 and bool
 * give float64.
 * @throws ShapeError when the last two axes are not of one size.
 * @throws DomainError for a matrix that is singular to the last bit; one that is nearly so gives
 * large numbers.
 */
export const inverse: Unary<"inverse"> = ofSquare({
	name: "inverse",
	infer: matrixType,
	evaluate: ([x], _, type) =>
		evaluateEach(x!, type, (factors, index) => {
			if (isSingular(factors)) {
				throw unfit("inverse", "matrices with an inverse", "singular", x!, index);
			}
			return inverseOf(factors);
		}),
	differential: (_, __, y) => compose(rightMultiply(y), leftMultiply(y), negate),
	latex: ([x]) => `${x}^{-1}`,
	loops: { kind: "call", of: "inverse matrix" },
	print: ([x]) => `np.linalg.inv(${x})`,
	traits: { needsInverse: true },
	sample: sampleRegular,
});

/**
 * The solution X of A·X = B: (…×n×n) and (…×n×m) give (…×n×m); leading axes broadcast. B counts as
 * a vector (…×n), and then so does X, where it has one axis, or one axis fewer than A. From A·X = B
 * follows dX = A⁻¹·(dB − dA·X). Int32 and bool give float64.
 * @throws ShapeError when A is not square or B does not have n rows.
 * @throws DomainError for a matrix that is singular to the last bit; one that is nearly so gives
 * large numbers.
 */
export const solve: Solver<"solve"> = defineOp(
	{
		name: "solve",
		lead: alike,
		infer: ([a, b]) => ({ shape: b!.shape, dtype: solutionDType("solve", a!, b!) }),
		evaluate: ([a, b], _, { shape, dtype }) => {
			const [n, m] = [shape.at(-2)!, shape.at(-1)!];
			const out = allocate(dtype, b!.size);
			let factors: Factors | null = null;
			let factorized = -1;
			forEachMatrix([a!, b!], ([left, right], index) => {
				// A matrix that is broadcast over the batch is factorized once.
				if (factors === null || factorized !== left) factors = factored(readMatrix(a!, left!), n);
				factorized = left!;
				if (isSingular(factors)) {
					throw unfit("solve", "matrices with an inverse", "singular", a!, index);
				}
				out.set(solveFactored(factors, solveDiagonal, readMatrix(b!, right!), m), index * n * m);
			});
			return new Tensor(out, dtype, shape);
		},
		differential: (i, [a], x) =>
			i === 1 ? solving(a!) : compose(rightMultiply(x), solving(a!), negate),
		latex: ([a, b]) => `${a}^{-1}\\,${b}`,
		loops: { kind: "call", of: "solution of equations" },
		print: ([a, b]) => `np.linalg.solve(${a}, ${b})`,
		traits: { needsInverse: true },
		sample: (draw) => {
			const [batch, n, m] = [drawBatch(draw), draw.integer(0, 3), draw.integer(0, 3)];
			return {
				inputs: [drawRegular(draw, batch, n), draw.tensor([...batch, n, m])],
				params: null,
			};
		},
	},
	(left: TensorLike, right: TensorLike): Tensor => {
		const sides = equation("solve", asTensor("solve", left), asTensor("solve", right));
		const x = apply(solve.op, [sides.a, sides.b], null);
		return sides.isVector ? squeeze(x, -1) : x;
	},
);

/** dB ↦ A⁻¹·dB; its transpose solves with Aᵀ. */
function solving(a: Tensor): LinearMap {
	return linearMap(
		"solve",
		(db) => apply(solve.op, [a, db], null),
		(g) => apply(solve.op, [matrixTranspose(a), g], null),
	);
}

/**
 * The determinant of each matrix of a batch: (…×n×n) gives (…); 1 for 0×0. Its derivative is the
 * adjugate, so the gradient is exact for singular matrices too, and so are derivatives of any
 * order. Int32 and bool give float64.
 * @throws ShapeError when the last two axes are not of one size.
 */
export const determinant: Unary<"determinant"> = ofSquare({
	name: "determinant",
	infer: numberType,
	evaluate: ([x], _, type) => evaluateEach(x!, type, (factors) => [determinantOf(factors)]),
	// Jacobi's formula: d det A = tr(adj(A)·dA).
	differential: (_, [x]) => innerProductWith(matrixTranspose(adjugate(x!))),
	latex: ([x]) => `\\det(${x})`,
	loops: { kind: "call", of: "determinant of a matrix" },
	print: ([x]) => `np.linalg.det(${x})`,
	sample: sampleRegular,
});

/**
 * The adjugate of each matrix of a batch, (…×n×n): the transposed matrix of cofactors, det(A)·A⁻¹
 * where A has an inverse, and as exact where it has none. With directions of the shape of A it is
 * the derivative along them, of as high an order as there are directions: its own derivative is the
 * adjugate along one more, exact at singular matrices too. Int32 and bool give float64.
 * @throws ShapeError when the last two axes are not of one size, or a direction has another shape.
 * @throws DTypeError for float32 beside float64.
 */
export const adjugate: OpFunction<
	"adjugate",
	(x: TensorLike, ...directions: readonly TensorLike[]) => Tensor
> = defineOp(
	{
		name: "adjugate",
		lead: alike,
		infer: (inputs) => ({
			shape: inputs[0]!.shape,
			dtype: floating.result(
				inputs.map((x) => x.dtype).reduce((a, b) => commonDType("adjugate", a, b)),
			),
		}),
		evaluate: (inputs, _, { shape, dtype }) => {
			const n = shape.at(-1)!;
			const out = allocate(dtype, sizeOf(shape));
			forEachMatrix(inputs, (positions, index) => {
				const [a, ...along] = positions.map((position, i) => readMatrix(inputs[i]!, position));
				out.set(adjugateAlong(a!, n, along), index * n * n);
			});
			return new Tensor(out, dtype, shape);
		},
		differential: (i, inputs) => {
			// It is linear in each direction; by the matrix itself, its derivative is that along one
			// more.
			const differential: LinearMap = new LinearMap(
				"adjugate along",
				(dx) => apply(adjugate.op, i === 0 ? [...inputs, dx] : inputs.with(i, dx), null),
				// tr(adj A along H and dA · E) is a derivative of det A along all of them, in which dA and
				// E may change places.
				() => compose(transposing, differential, transposing),
			);
			return differential;
		},
		latex: ([x, ...directions]) => named("adj", [x!, ...directions]),
		loops: { kind: "call", of: "adjugate matrix" },
		print: (args) => `adjugate(${args.join(", ")})`,
		traits: { regular: ([x, ...directions]) => regularAdjugate(x!, directions) },
		sample: (draw) => {
			const [batch, n] = [drawBatch(draw), draw.integer(0, 3)];
			const directions = Array.from({ length: draw.integer(0, 2) }, () =>
				draw.tensor([...batch, n, n]),
			);
			return { inputs: [drawRegular(draw, batch, n), ...directions], params: null };
		},
	},
	(value: TensorLike, ...directions: readonly TensorLike[]): Tensor => {
		const x = asTensor("adjugate", value);
		checkSquare("adjugate", x);
		const along = directions.map((direction) => asTensor("adjugate", direction));
		for (const direction of along) {
			if (sameShape(direction.shape, x.shape)) continue;
			throw new ShapeError(
				`adjugate: expected directions of shape ${showShape(x.shape)}, as the matrix is, got ${showShape(direction.shape)}`,
			);
		}
		return apply(adjugate.op, [x, ...along], null);
	},
);

/** adj A by Y = A⁻¹, det(A)·Y; along H it is tr(Y·H)·adj A − adj A·H·Y. */
function regularAdjugate(x: Tensor, directions: readonly Tensor[]): Tensor | null {
	const [h] = directions;
	const y = inverse(x);
	if (h === undefined) {
		return mul(broadcastTo(expandDims(determinant(x), [-2, -1]), x.shape), y);
	}
	if (directions.length > 1) return null;
	const out = adjugate(x);
	const traced = sum(scale(h, matrixTranspose(y)), [-2, -1], { keepDims: true });
	return sub(mul(out, traced), matmul(matmul(out, h), y));
}

/**
 * log |det A| of each matrix of a batch, without overflow: (…×n×n) gives (…); 0 for 0×0, −∞ for a
 * singular matrix. The sign is that of `determinant`. Its derivative is tr(A⁻¹·dA). Int32 and bool
 * give float64.
 * @throws ShapeError when the last two axes are not of one size.
 * @throws DomainError when it is differentiated at a singular matrix.
 */
export const logDet: Unary<"logDet"> = ofSquare({
	name: "logDet",
	infer: numberType,
	evaluate: ([x], _, type) =>
		evaluateEach(x!, type, ({ pivots }) => [
			pivots.reduce((total, pivot) => total + Math.log(Math.abs(pivot)), 0),
		]),
	differential: (_, [x]) => innerProductWith(matrixTranspose(inverse(x!))),
	latex: ([x]) => `\\log(\\lvert \\det(${x}) \\rvert)`,
	loops: { kind: "call", of: "logarithm of a determinant" },
	print: ([x]) => `np.linalg.slogdet(${x})[1]`,
	traits: { finite: () => false, needsInverse: true },
	sample: sampleRegular,
});
