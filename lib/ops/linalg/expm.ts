import { allocate, commonDType } from "../../core/dtype.ts";
import { ShapeError } from "../../core/error.ts";
import { alike } from "../../core/lead.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { compose, LinearMap } from "../../core/linear-map.ts";
import { apply, defineOp, type OpFunction } from "../../core/op.ts";
import { sameShape, showShape, sizeOf } from "../../core/shape.ts";
import { Tensor, type TensorLike } from "../../core/tensor.ts";
import { exponentialAlong } from "../../kernels/linalg/exponential-along.ts";
import { functionCall } from "../../notation/call.ts";
import { named } from "../../notation/mathematics.ts";
import { checkSquare, drawBatch, forEachMatrix, readMatrix } from "../matrices.ts";
import { transposing } from "../product-maps.ts";

/**
 * The exponential I + A + A²/2 + … of each matrix of a batch, (…×n×n), by scaling and squaring (A.
 * Al-Mohy and N. Higham, 2009). With directions of the shape of A it is the derivative along them,
 * of as high an order as there are directions, so derivatives of any order are exact, at equal
 * eigenvalues too. Int32 and bool give float64; a matrix with NaN or ∞ gives NaN, and one whose
 * exponential overflows ∞ or NaN.
 * @throws ShapeError when the last two axes are not of one size, or a direction has another shape.
 * @throws DTypeError for float32 beside float64.
 */
export const expm: OpFunction<
	"expm",
	(x: TensorLike, ...directions: readonly TensorLike[]) => Tensor
> = defineOp(
	{
		name: "expm",
		lead: alike,
		infer: (inputs) => ({
			shape: inputs[0]!.shape,
			dtype: floating.result(
				inputs.map((x) => x.dtype).reduce((a, b) => commonDType("expm", a, b)),
			),
		}),
		evaluate: (inputs, _, { shape, dtype }) => {
			const n = shape.at(-1)!;
			const out = allocate(dtype, sizeOf(shape));
			forEachMatrix(inputs, (positions, index) => {
				const [a, ...along] = positions.map((position, i) => readMatrix(inputs[i]!, position));
				out.set(exponentialAlong(a!, n, along), index * n * n);
			});
			return new Tensor(out, dtype, shape);
		},
		differential: (i, inputs) => {
			// It is linear in each direction; by the matrix itself, its derivative is that along one
			// more.
			const differential: LinearMap = new LinearMap(
				"exponential along",
				(dx) => apply(expm.op, i === 0 ? [...inputs, dx] : inputs.with(i, dx), null),
				// tr(exp A along H and dA · E) is a derivative of tr exp A along all of them, in which dA
				// and E may change places.
				() => compose(transposing, differential, transposing),
			);
			return differential;
		},
		typescript: (args) => functionCall("expm", args),
		latex: ([x, ...directions]) =>
			directions.length === 0 ? `e^{${x}}` : named("expm", [x!, ...directions]),
		loops: { kind: "call", of: "exponential of a matrix" },
		print: (args) => `matrix_exponential(${args.join(", ")})`,
		sample: (draw) => {
			const [batch, n] = [drawBatch(draw), draw.integer(0, 3)];
			const matrices = Array.from({ length: draw.integer(1, 3) }, () =>
				draw.tensor([...batch, n, n], { min: -2, max: 2 }),
			);
			return { inputs: matrices, params: null };
		},
	},
	(value: TensorLike, ...directions: readonly TensorLike[]): Tensor => {
		const x = asTensor("expm", value);
		checkSquare("expm", x);
		const along = directions.map((direction) => asTensor("expm", direction));
		for (const direction of along) {
			if (sameShape(direction.shape, x.shape)) continue;
			throw new ShapeError(
				`expm: expected directions of shape ${showShape(x.shape)}, as the matrix is, got ${showShape(direction.shape)}`,
			);
		}
		return apply(expm.op, [x, ...along], null);
	},
);
