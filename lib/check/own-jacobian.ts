import { customGradient } from "../autodiff/custom.ts";
import type { Jacobian } from "../autodiff/jacobian.ts";
import { gradientOf } from "../autodiff/run.ts";
import { structure } from "../core/argument-kinds.ts";
import { GradientError, ShapeError } from "../core/error.ts";
import { checkArgument, checkFunction } from "../core/options.ts";
import { sameShape, showShape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { flatten } from "../core/tree.ts";
import { add } from "../ops/arithmetic.ts";
import { dot } from "../ops/products.ts";
import { reshape } from "../structure/layout.ts";
import { checkCall } from "./differences/problem.ts";
import { checkedAs } from "./verdicts/check-gradients.ts";
import type { CheckOptions } from "./verdicts/options.ts";
import type { GradientReport } from "./verdicts/report.ts";

/** Options of `checkJacobian` and `checkHessian`. */
export type JacobianCheckOptions = Omit<CheckOptions, "order" | "modes">;

/**
 * Compares a Jacobian of your own with differences of `f`, as `checkGradients` compares gradients.
 * `own` takes the arguments of `f` and gives the derivatives by the first of them, in the shapes
 * and structure of `jacobian`: for a result of shape R and an argument of shape S, R followed by S.
 * @throws ShapeError when what `own` gives has another shape
 */
export function checkJacobian<X, Rest extends unknown[], Y>(
	f: (x: X, ...rest: Rest) => Y,
	args: readonly [X, ...Rest],
	own: (x: X, ...rest: Rest) => Jacobian<Y, X>,
	options: JacobianCheckOptions = {},
): GradientReport {
	return compared("checkJacobian", f, args, own, options);
}

/**
 * Compares a Hessian of your own with differences of the gradient of `f`, which is the derived one.
 * `own` gives it in the shapes and structure of `hessian`.
 * @throws ShapeError when what `own` gives has another shape
 */
export function checkHessian<X, Rest extends unknown[]>(
	f: (x: X, ...rest: Rest) => Tensor,
	args: readonly [X, ...Rest],
	own: (x: X, ...rest: Rest) => Jacobian<X, X>,
	options: JacobianCheckOptions = {},
): GradientReport {
	checkFunction("checkHessian", f);
	const gradient = (x: X, ...rest: Rest) => gradientOf("checkHessian", f, x, rest)[1];
	return compared("checkHessian", gradient, args, own, options);
}

function compared<X, Rest extends unknown[], Y>(
	op: string,
	f: (x: X, ...rest: Rest) => Y,
	args: readonly [X, ...Rest],
	own: (x: X, ...rest: Rest) => Jacobian<Y, X>,
	options: JacobianCheckOptions,
): GradientReport {
	checkCall(op, f, args);
	checkFunction(op, own);
	checkArgument(op, "options", options, structure);
	const [x, ...rest] = args;
	if ("order" in options || "modes" in options) {
		throw new GradientError(`${op}: expected no order and no modes: a matrix has neither`);
	}
	const at = customGradient(
		(v: X) => f(v, ...rest),
		(g, _, v) => pulled(op, g, v, own(v, ...rest)),
	);
	return checkedAs(op, at, [x], { ...options, order: 1, modes: ["reverse"] });
}

/** A cotangent of the result times the Jacobian. */
function pulled<X, Y>(op: string, g: Y, x: X, rows: Jacobian<Y, X>): X {
	const cotangents = flatten(op, g, "result").leaves;
	const flat = flatten(op, x, "args[0]");
	const count = flat.leaves.length;
	const { leaves, paths } = flatten(op, rows, "jacobian");
	if (leaves.length !== cotangents.length * count) {
		throw new ShapeError(
			`${op}: expected ${cotangents.length * count} tensors, one for each result and argument, got ${leaves.length}`,
		);
	}
	return flat.rebuild(
		flat.leaves.map((leaf, i) =>
			cotangents
				.map((cotangent, o) => {
					const block = leaves[o * count + i]!;
					const shape = [...cotangent.shape, ...leaf.shape];
					if (!sameShape(block.shape, shape)) {
						throw new ShapeError(
							`${op}: expected jacobian${paths[o * count + i]} to have shape ${showShape(shape)}, that of the result and then that of the argument, got ${showShape(block.shape)}`,
						);
					}
					const matrix = reshape(block, [sizeOf(cotangent.shape), sizeOf(leaf.shape)]);
					return reshape(dot(reshape(cotangent, [cotangent.size]), matrix), leaf.shape);
				})
				.reduce((total, part) => add(total, part)),
		),
	);
}
