import { alike } from "../../core/lead.ts";
import { asTensor, floating, type Unary } from "../../core/lift.ts";
import { apply, defineOp } from "../../core/op.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { factored } from "../../kernels/elimination.ts";
import { call } from "../../notation/call.ts";
import { named } from "../../notation/mathematics.ts";
import { checkSquare, drawBatch, drawRegular } from "../matrices.ts";
import { eachMatrix } from "./each-matrix.ts";

/**
 * The sign of the determinant of each matrix of a batch, (…×n×n) to (…): 1, −1, or 0 for a singular
 * matrix, also where the determinant itself would over- or underflow. Constant: no gradient.
 */
export const determinantSign: Unary<"determinantSign"> = defineOp(
	{
		name: "determinantSign",
		lead: alike,
		infer: ([x]) => ({ shape: x!.shape.slice(0, -2), dtype: floating.result(x!.dtype) }),
		evaluate: ([x], _, type) =>
			eachMatrix(x!, type, (a) => {
				const { pivots, sign } = factored(a, x!.shape.at(-1)!);
				return [pivots.reduce((product, pivot) => product * Math.sign(pivot), sign)];
			}),
		differential: null,
		typescript: (args) => call("determinantSign", args),
		latex: ([x]) => named("sgn", [`\\det(${x})`]),
		loops: { kind: "call", of: "sign of a determinant" },
		print: ([x]) => `np.linalg.slogdet(${x})[0]`,
		sample: (draw) => ({
			inputs: [drawRegular(draw, drawBatch(draw), draw.integer(0, 3))],
			params: null,
		}),
	},
	(value: TensorLike): Tensor => {
		const x = asTensor("determinantSign", value);
		checkSquare("determinantSign", x);
		return apply(determinantSign.op, [x], null);
	},
);
