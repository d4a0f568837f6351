import { alike } from "../../core/lead.ts";
import { asTensor, floating } from "../../core/lift.ts";
import { compose, LinearMap } from "../../core/linear-map.ts";
import { apply, defineOp, type OpFunction } from "../../core/op.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { symmetricFunction } from "../../kernels/linalg/symmetric-function.ts";
import { functionCall } from "../../notation/call.ts";
import { named } from "../../notation/mathematics.ts";
import { drawBatch, drawRegular, unfit } from "../matrices.ts";
import { eachMatrix } from "./each-matrix.ts";
import { symmetricPart } from "./parts.ts";
import { limitOf, type SymmetricFunction, symmetricSlope, type Which } from "./symmetric-slope.ts";

/** The public functions, and what they take. */
const NAMES: Readonly<Record<SymmetricFunction, readonly [op: string, matrices: string]>> = {
	root: ["symmetricSqrt", "positive semidefinite"],
	logarithm: ["symmetricLog", "positive definite"],
};

/**
 * V·diag(f(λ))·Vᵀ of symmetric matrices V·diag(λ)·Vᵀ, (…×n×n): `symmetricSqrt` and `symmetricLog`
 * call it.
 */
export const spectral: OpFunction<"spectral", (x: TensorLike, params: Which) => Tensor> = defineOp(
	{
		name: "spectral",
		lead: alike,
		infer: ([x]) => ({ shape: x!.shape, dtype: floating.result(x!.dtype) }),
		evaluate: ([x], { of }: Which, type) =>
			eachMatrix(x!, type, (a, index) =>
				symmetricFunction(a, type.shape.at(-1)!, (values) => {
					const zero = limitOf(x!, values);
					if (values.some((v) => (of === "root" ? v < -zero : v <= zero))) {
						const [op, what] = NAMES[of];
						throw unfit(op, `${what} matrices`, "not", x!, index);
					}
					return values.map((v) =>
						of === "logarithm" ? Math.log(v) : v <= zero ? 0 : Math.sqrt(v),
					);
				}),
			),
		differential: (_, __, y, params) =>
			compose(
				new LinearMap("symmetric part", symmetricPart),
				new LinearMap(`slope of the ${params.of}`, (e) => apply(symmetricSlope.op, [y, e], params)),
			),
		typescript: (args, { of }: Which) => functionCall(NAMES[of][0], args),
		latex: ([x], { of }) => (of === "root" ? `${x}^{1/2}` : named("log", [x!])),
		loops: { kind: "call", of: "function of a symmetric matrix" },
		print: ([x], { of }) => `symmetric_${of}(${x})`,
		sample: (draw) => ({
			inputs: [drawRegular(draw, drawBatch(draw), draw.integer(0, 3))],
			params: { of: draw.pick<SymmetricFunction>(["root", "logarithm"]) },
		}),
	},
	(x: TensorLike, params: Which): Tensor => apply(spectral.op, [asTensor("spectral", x)], params),
);
