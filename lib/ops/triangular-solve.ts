import * as kind from "../core/argument-kinds.ts";
import { allocate } from "../core/dtype.ts";
import { alike } from "../core/lead.ts";
import { asTensor } from "../core/lift.ts";
import { compose, LinearMap, linearMap } from "../core/linear-map.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { accumulated } from "../kernels/indices.ts";
import { copyMatrix, type Matrix, transposedOf } from "../kernels/matrix.ts";
import { hasZero, solveRows, type TriangleView } from "../kernels/triangles.ts";
import { call } from "../notation/call.ts";
import { squeeze } from "../structure/layout.ts";
import {
	drawBatch,
	drawRegular,
	equation,
	forEachMatrix,
	matrixAt,
	solutionDType,
	unfit,
} from "./matrices.ts";
import { negate, rightMultiply, transposing } from "./product-maps.ts";
import { tril, triu } from "./triangles.ts";

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
			const sums = allocate("float64", b!.size);
			forEachMatrix([a!, b!], ([leftAt, rightAt], index) => {
				const t = triangleOf(matrixAt(a!, leftAt!), params);
				if (hasZero(t, n)) {
					throw unfit("triangularSolve", "no 0 on the diagonal", "singular", a!, index);
				}
				const right = matrixAt(b!, rightAt!);
				const at = index * n * m;
				solveRows(t, sums, at, n, m, () => copyMatrix(right, n, m, sums, at));
			});
			return accumulated("triangularSolve", sums, dtype, shape);
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

/** The triangle with which an equation is solved. */
function triangleOf(
	matrix: Matrix,
	{ lower, transposed, unitDiagonal: unit }: TriangularParams,
): TriangleView {
	return transposed
		? { matrix: transposedOf(matrix), lower: !lower, unit }
		: { matrix, lower, unit };
}

/** dB ↦ A⁻¹·dB for the triangle of A; its transpose solves with the triangle transposed. */
export function triangularSolving(a: Tensor, params: TriangularParams): LinearMap {
	const flipped = { ...params, transposed: !params.transposed };
	return linearMap(
		"triangular solve",
		(db) => apply(triangularSolve.op, [a, db], params),
		(g) => apply(triangularSolve.op, [a, g], flipped),
	);
}
