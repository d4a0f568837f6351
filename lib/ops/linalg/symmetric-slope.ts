import { allocate } from "../../core/dtype.ts";
import { alike } from "../../core/lead.ts";
import { asTensor } from "../../core/lift.ts";
import { compose, LinearMap, linearMap } from "../../core/linear-map.ts";
import { apply, defineOp, type OpFunction } from "../../core/op.ts";
import { sizeOf } from "../../core/shape.ts";
import { Tensor, type TensorLike } from "../../core/tensor.ts";
import { betweenEigenvectors } from "../../kernels/linalg/symmetric-function.ts";
import { functionCall } from "../../notation/call.ts";
import { named } from "../../notation/mathematics.ts";
import { matrixTranspose } from "../../structure/layout.ts";
import { add, neg } from "../arithmetic.ts";
import {
	drawBatch,
	drawRegular,
	forEachMatrix,
	readMatrix,
	solutionDType,
	unfit,
} from "../matrices.ts";
import { matmul } from "../products.ts";
import { expm } from "./expm.ts";
import { roundingOf, symmetricPart } from "./parts.ts";

/** A function of symmetric matrices, by its word in code. */
export type SymmetricFunction = "root" | "logarithm";

/** Which one. */
export interface Which {
	readonly of: SymmetricFunction;
}

/** What undoes a function of symmetric matrices: the square, and the exponential. */
interface Inverse {
	/** What a matrix between two eigenvectors of Y is divided by, as a factor. */
	readonly slope: (p: number, q: number) => number;
	/** Its second derivative at Y along two matrices. */
	readonly second: (y: Tensor, x: Tensor, h: Tensor) => Tensor;
}

const inverses: Readonly<Record<SymmetricFunction, Inverse>> = {
	root: {
		slope: (p, q) => 1 / (p + q),
		second: (_, x, h) => add(matmul(h, x), matmul(x, h)),
	},
	logarithm: {
		slope: (p, q) => {
			const gap = Math.abs(p - q);
			return Math.exp(-Math.max(p, q)) * (gap === 0 ? 1 : -gap / Math.expm1(-gap));
		},
		second: (y, x, h) => expm(y, x, h),
	},
};

/** What counts as 0 beside the eigenvalues of a matrix. */
export function limitOf(x: Tensor, values: Float64Array): number {
	return roundingOf(x) * values.reduce((sum, value) => sum + Math.abs(value), 0);
}

/**
 * The derivative of a function f of symmetric matrices along E, from its value Y = f(A) alone: the
 * X for which the derivative of the inverse function g at Y along X is E. Of the square root it is
 * the solution of Y·X + X·Y = E; of the logarithm that of expm(Y, X) = E. It is Cᵢⱼ times E between
 * the eigenvectors of Y, with C = 1/(yᵢ + yⱼ) and (yᵢ − yⱼ)/(exp yᵢ − exp yⱼ): no difference of
 * equal eigenvalues divides, so that all orders are exact there.
 */
export const symmetricSlope: OpFunction<
	"symmetricSlope",
	(y: TensorLike, e: TensorLike, params: Which) => Tensor
> = defineOp(
	{
		name: "symmetricSlope",
		lead: alike,
		infer: ([y, e]) => ({ shape: y!.shape, dtype: solutionDType("symmetricSlope", y!, e!) }),
		evaluate: ([y, e], { of }: Which, { shape, dtype }) => {
			const n = shape.at(-1)!;
			const { slope } = inverses[of];
			const out = allocate(dtype, sizeOf(shape));
			forEachMatrix([y!, e!], ([root, along], index) => {
				const [a, b] = [readMatrix(y!, root!), readMatrix(e!, along!)];
				const made = betweenEigenvectors(a, b, n, (values) => {
					// The exponential has no such place.
					const zero = of === "root" ? limitOf(y!, values) : Number.NEGATIVE_INFINITY;
					if (2 * Math.min(...values) > zero || values.some(Number.isNaN)) return slope;
					throw unfit(
						"symmetricSqrt",
						"no eigenvalue 0 where it is differentiated",
						"singular",
						y!,
						index,
					);
				});
				out.set(made, index * n * n);
			});
			return new Tensor(out, dtype, shape);
		},
		differential: (i, [y], x, params: Which) => {
			const again = (e: Tensor) => apply(symmetricSlope.op, [y!, e], params);
			const ahead = linearMap("slope of a function of a symmetric matrix", again, again);
			if (i === 1) return ahead;
			const { second } = inverses[params.of];
			const at = symmetricPart(y!);
			const symmetrizing = new LinearMap("symmetric part", symmetricPart);
			// tr(g‴ along X, H and W) may change its arguments, as that of any function of a trace.
			const bent = linearMap(
				"second derivative",
				(dy) => neg(second(at, x, dy)),
				(w) => neg(matrixTranspose(second(at, x, matrixTranspose(w)))),
			);
			return compose(symmetrizing, bent, ahead);
		},
		typescript: (args, params) => functionCall("symmetricSlope", args, params),
		latex: ([y, e], { of }) => named(`${of}Slope`, [y!, e!]),
		loops: { kind: "call", of: "slope of a function of a symmetric matrix" },
		print: ([y, e], { of }) => `${of}_slope(${y}, ${e})`,
		sample: (draw) => {
			const [batch, n] = [drawBatch(draw), draw.integer(0, 3)];
			return {
				inputs: [drawRegular(draw, batch, n), draw.tensor([...batch, n, n])],
				params: { of: draw.pick<SymmetricFunction>(["root", "logarithm"]) },
			};
		},
	},
	(y: TensorLike, e: TensorLike, params: Which): Tensor =>
		apply(
			symmetricSlope.op,
			[asTensor("symmetricSlope", y), asTensor("symmetricSlope", e)],
			params,
		),
);
