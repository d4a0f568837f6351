import { stopped } from "../autodiff/by-hand.ts";
import { applyCall } from "../autodiff/call.ts";
import { jacobian } from "../autodiff/jacobian.ts";
import { asVector, partsOf } from "../autodiff/packing.ts";
import { jvp, vjp } from "../autodiff/transforms.ts";
import { loopWhile } from "../control/while-loop.ts";
import { eye } from "../core/create.ts";
import { DomainError } from "../core/error.ts";
import type { Tensor } from "../core/tensor.ts";
import { isValueless } from "../core/valueless.ts";
import { add, maximum, mul, neg, sub } from "../ops/arithmetic.ts";
import {
	greater,
	less,
	lessEqual,
	logicalAnd,
	logicalNot,
	logicalOr,
	where,
} from "../ops/comparison.ts";
import { logDet, solve } from "../ops/linear-algebra.ts";
import { transpose } from "../structure/layout.ts";
import {
	flatProblem,
	type ImplicitOptions,
	isKnown,
	isUnknown,
	type LeafList,
	largest,
	type Search,
	scalarOf,
	solutionOf,
} from "./implicit.ts";

/**
 * The x with f(x, params) = 0, found by Newton's method from `x0` on: the Jacobian ∂f/∂x is formed
 * and has to be invertible, and a step is halved until it brings f nearer to 0. `x` and `params`
 * are nested plain objects and arrays of float tensors; f gives the structure, shapes and dtype of
 * x.
 *
 * The derivative with respect to `params`, in both modes and to any order, is that of the implicit
 * function theorem: ∂f/∂x·dx = −∂f/∂params·dparams. The steps are not recorded, and `x0` has no
 * derivative.
 *
 * Under `compile` the steps are one loop of the program, and under `vmap` of `x0` or `params` each
 * example takes its own number of steps. There what would be an error is NaN.
 *
 * @throws DomainError where the steps do not come to rest, or the Jacobian has no inverse
 * @throws GradientError where f uses a differentiated tensor that is not in `params`
 */
export function root<X, P>(
	f: (x: X, params: P) => X,
	x0: X,
	params: P,
	options?: ImplicitOptions,
): X {
	const { x, p, flat, solver } = flatProblem("root", f, x0, params, options, 50);
	const shapes = x.leaves.map((leaf) => leaf.shape);
	const f1 = (v: Tensor, leaves: LeafList) => asVector(flat(partsOf(v, shapes), leaves));
	const slope = (v: Tensor, leaves: LeafList) => jacobian((at: Tensor) => f1(at, leaves))(v);
	const [v] = applyCall(
		{
			name: "root",
			differentiated: "params",
			byHand: true,
			f: (leaves, [start]) =>
				newton(
					(v) => f1(v, leaves),
					(v) => slope(v, leaves),
					start!,
					solver,
					isUnknown([start!], leaves),
				),
			push: (leaves, [v]) => {
				const a = slope(v!, leaves);
				return (dp) => [neg(step(a, jvp((at: LeafList) => f1(v!, at), leaves, dp)[1]))];
			},
			pull: (leaves, [v], [g]) => {
				const w = neg(step(transpose(slope(v!, leaves)), g!));
				return vjp((at: LeafList) => f1(v!, at), leaves)[1](w);
			},
		},
		p.leaves,
		[stopped(asVector(x.leaves))],
	);
	return x.rebuild(partsOf(v!, shapes));
}

const MOST_HALVINGS = 30;

/** Newton's method on a vector. */
function newton(
	f: (x: Tensor) => Tensor,
	slope: (x: Tensor) => Tensor,
	x0: Tensor,
	solver: Search,
	isRecorded: boolean,
): LeafList {
	const { tolerance, maxSteps, dtype } = solver;
	const sizeOf = (x: Tensor) => largest([x], dtype);
	const start = {
		x: x0,
		residual: f(x0),
		change: scalarOf(Number.POSITIVE_INFINITY, dtype),
		isClose: scalarOf(0, "bool"),
		steps: scalarOf(0, "int32"),
	};
	const end = loopWhile(
		({ residual, isClose, steps }) => {
			const size = sizeOf(residual);
			const isWorth = logicalAnd(isKnown(size), greater(size, 0));
			return logicalAnd(logicalNot(isClose), logicalAnd(isWorth, less(steps, maxSteps)));
		},
		({ x, residual, steps }) => {
			const size = sizeOf(residual);
			const whole = step(slope(x), residual);
			const change = sizeOf(whole);
			const isClose = lessEqual(change, mul(maximum(sizeOf(x), 1), tolerance));
			const after = (dx: Tensor) => {
				const next = sub(x, dx);
				return { dx, x: next, residual: f(next) };
			};
			// At the end rounding decides whether the residual shrinks.
			const chosen = loopWhile(
				({ residual }) => logicalNot(logicalOr(isClose, less(sizeOf(residual), size))),
				({ dx }) => after(mul(dx, 0.5)),
				after(whole),
				{ max: MOST_HALVINGS },
				false,
			);
			return { x: chosen.x, residual: chosen.residual, change, isClose, steps: add(steps, 1) };
		},
		start,
		{},
		isRecorded,
	);
	const size = sizeOf(end.residual);
	const isThere = logicalOr(end.isClose, lessEqual(size, 0));
	const ending = { isThere, steps: add(end.steps, 1), change: end.change, size };
	return solutionOf([end.x], ending, solver, "there may be no root near x0");
}

/** What a Jacobian takes to b. Where its values are not known it may be singular, which is NaN. */
function step(a: Tensor, b: Tensor): Tensor {
	if (isValueless(a)) {
		const isRegular = greater(logDet(a), Number.NEGATIVE_INFINITY);
		const regular = where(isRegular, a, eye(b.size, { dtype: a.dtype }));
		return where(isRegular, solve(regular, b), Number.NaN);
	}
	try {
		return solve(a, b);
	} catch (error) {
		if (!(error instanceof DomainError)) throw error;
		throw new DomainError(
			"root: expected the Jacobian of f with respect to x to have an inverse, but it is singular on the way; " +
				"there may be no root near x0, or more than one in one place: start elsewhere",
		);
	}
}
