import { stopped } from "../autodiff/by-hand.ts";
import { applyCall } from "../autodiff/call.ts";
import { jvp, vjp } from "../autodiff/transforms.ts";
import { loopWhile } from "../control/while-loop.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, maximum, mul, sub } from "../ops/arithmetic.ts";
import { less, lessEqual, logicalAnd, logicalNot, logicalOr, where } from "../ops/comparison.ts";
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
 * The x with x = f(x, params), found by x ← f(x, params) from `x0` on; f has to be a contraction
 * near the solution. `x` and `params` are nested plain objects and arrays of float tensors; those
 * of x have one dtype.
 *
 * The derivative with respect to `params`, in both modes and to any order, is that of the implicit
 * function theorem: with A = ∂f/∂x and B = ∂f/∂params at the solution, dx = A·dx + B·dparams, which
 * is a fixed point too and is found in the same way. The steps are not recorded, and `x0` has no
 * derivative.
 *
 * Under `compile` the steps are one loop of the program, and under `vmap` of `x0` or `params` each
 * example takes its own number of steps. There what does not come to rest is NaN.
 *
 * @throws DomainError where the steps do not come to rest
 * @throws GradientError where f uses a differentiated tensor that is not in `params`
 */
export function fixedPoint<X, P>(
	f: (x: X, params: P) => X,
	x0: X,
	params: P,
	options?: ImplicitOptions,
): X {
	const { x, p, flat, solver } = flatProblem("fixedPoint", f, x0, params, options, 1000);
	const one = () => scalarOf(1, solver.dtype);
	return x.rebuild(fixedPointOf(flat, x.leaves.map(stopped), p.leaves, one, solver));
}

/**
 * x = f(x, p), as a function of p with its derivative.
 * @param scaleOf how large a change counts in full, given p
 */
function fixedPointOf(
	f: (x: LeafList, p: LeafList) => LeafList,
	x0: LeafList,
	p: LeafList,
	scaleOf: (p: LeafList) => Tensor,
	solver: Search,
): LeafList {
	/** The w with w = A(at)·w + b, for a map A that is linear: a fixed point of its own. */
	const linear = (
		a: (w: LeafList, at: LeafList) => LeafList,
		at: LeafList,
		b: LeafList,
	): LeafList => {
		const n = at.length;
		const step = (w: LeafList, all: LeafList) => sums(a(w, all.slice(0, n)), all.slice(n));
		const scaleOf = (all: LeafList) => largest(all.slice(n), solver.dtype);
		return fixedPointOf(step, b.map(stopped), [...at, ...b], scaleOf, solver);
	};
	// Values at which A and B are taken: parameters, and the solution behind them.
	const split = (at: LeafList) => [at.slice(p.length), at.slice(0, p.length)] as const;
	return applyCall(
		{
			name: solver.op,
			differentiated: "params",
			byHand: true,
			f: (leaves, start) =>
				atRest((x) => f(x, leaves), start, scaleOf(leaves), solver, isUnknown(start, leaves)),
			push: (leaves, x) => (dp) => {
				const b = jvp((at: LeafList) => f(x, at), leaves, dp)[1];
				const forward = (w: LeafList, at: LeafList) => {
					const [x, leaves] = split(at);
					return jvp((v: LeafList) => f(v, leaves), x, w)[1];
				};
				return linear(forward, [...leaves, ...x], b);
			},
			pull: (leaves, x, g) => {
				const backward = (w: LeafList, at: LeafList) => {
					const [x, leaves] = split(at);
					return vjp((v: LeafList) => f(v, leaves), x)[1](w);
				};
				const w = linear(backward, [...leaves, ...x], g);
				return vjp((at: LeafList) => f(x, at), leaves)[1](w);
			},
		},
		p,
		x0,
	);
}

/**
 * Applies f until it changes nothing. From how the changes shrink, by a factor q a step, follows
 * how far away the limit is: q/(1 − q) times the last change.
 */
function atRest(
	f: (x: LeafList) => LeafList,
	x0: LeafList,
	scale: Tensor,
	solver: Search,
	isRecorded: boolean,
): LeafList {
	const { tolerance, maxSteps, rounding, dtype } = solver;
	const start = {
		x: x0,
		change: scalarOf(Number.POSITIVE_INFINITY, dtype),
		size: scalarOf(0, dtype),
		isThere: scalarOf(0, "bool"),
		steps: scalarOf(0, "int32"),
	};
	const goesOn = ({ isThere, size, steps }: typeof start) =>
		logicalAnd(logicalNot(isThere), logicalAnd(isKnown(size), less(steps, maxSteps)));
	const end = loopWhile(
		goesOn,
		({ x, change: last, steps }) => {
			const next = f(x);
			const change = largest(differences(next, x), dtype);
			const size = maximum(scale, largest(next, dtype));
			const q = div(change, last);
			const rest = where(less(q, 1), div(mul(change, q), sub(1, q)), Number.POSITIVE_INFINITY);
			const isNear = lessEqual(maximum(rest, change), mul(size, tolerance));
			// In the end rounding alone is left, which does not shrink.
			const isStill = logicalOr(isNear, lessEqual(change, mul(size, rounding)));
			const all = add(size, change);
			const isThere = logicalAnd(isKnown(all), isStill);
			return { x: next, change, size: all, isThere, steps: add(steps, 1) };
		},
		start,
		{},
		isRecorded,
	);
	return solutionOf(end.x, end, solver, "f may be no contraction near the solution");
}

function differences(a: LeafList, b: LeafList): Tensor[] {
	return a.map((x, i) => sub(x, b[i]!));
}

function sums(a: LeafList, b: LeafList): Tensor[] {
	return a.map((x, i) => add(x, b[i]!));
}
