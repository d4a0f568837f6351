import { count, positive } from "../core/argument-kinds.ts";
import { DomainError } from "../core/error.ts";
import { checkFunction, checkOptions } from "../core/options.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { flatten } from "../core/tree.ts";
import { add, mul, neg, sub } from "../ops/arithmetic.ts";
import { solve } from "../ops/linear-algebra.ts";
import { transpose } from "../structure/layout.ts";
import { stopped } from "./by-hand.ts";
import { applyCall, asVector, partsOf } from "./call.ts";
import { jacobian } from "./jacobian.ts";
import { checkFloat, vectorLeaves } from "./run.ts";
import { jvp, vjp } from "./transforms.ts";

type Vector = readonly Tensor[];

/** Options of `fixedPoint` and `root`. */
export interface ImplicitOptions {
	/**
	 * How far from the solution the result may be, as a part of its largest element or of 1,
	 * whichever is more; left out: 1e-12, and 1e-6 in float32.
	 */
	readonly tolerance?: number;
	/** After how many steps to give up; left out: 1000 for `fixedPoint`, 50 for `root`. */
	readonly maxSteps?: number;
}

const OPTIONS = { tolerance: positive, maxSteps: count };

/** What a solver works with; what it finds is right to `tolerance · max(|x|, scale)`. */
interface Solver {
	readonly op: string;
	readonly tolerance: number;
	readonly maxSteps: number;
	readonly scale: number;
	/** What rounding leaves of a change, as a part of x. */
	readonly rounding: number;
}

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
	return x.rebuild(fixedPointOf(flat, x.leaves.map(stopped), p.leaves, solver));
}

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
	const f1 = (v: Tensor, leaves: Vector) => asVector(flat(partsOf(v, shapes), leaves));
	const slope = (v: Tensor, leaves: Vector) => jacobian((at: Tensor) => f1(at, leaves))(v);
	const start = stopped(asVector(x.leaves));
	const [v] = applyCall(
		{
			name: "root",
			differentiated: "params",
			f: (leaves) => [newton(f1, slope, start, leaves, solver)],
			push: (leaves, [v]) => {
				const a = slope(v!, leaves);
				return (dp) => [neg(step(a, jvp((at: Vector) => f1(v!, at), leaves, dp)[1]))];
			},
			pull: (leaves, [v], [g]) => {
				const w = neg(step(transpose(slope(v!, leaves)), g!));
				return vjp((at: Vector) => f1(v!, at), leaves)[1](w);
			},
		},
		p.leaves,
	);
	return x.rebuild(partsOf(v!, shapes));
}

/** A problem whose unknowns and parameters have their structure taken off. */
function flatProblem<X, P>(
	op: string,
	f: (x: X, params: P) => X,
	x0: X,
	params: P,
	options: ImplicitOptions | undefined,
	steps: number,
) {
	checkFunction(op, f);
	const { tolerance, maxSteps = steps } = checkOptions(op, options, OPTIONS);
	const x = flatten(op, x0, "x0");
	const p = flatten(op, params, "params");
	checkFloat(op, "x0", x);
	checkFloat(op, "params", p);
	const flat = (at: Vector, leaves: Vector) =>
		vectorLeaves(op, "result", f(x.rebuild(at), p.rebuild(leaves)), x);
	const isDouble = x.leaves.every(({ dtype }) => dtype === "float64");
	const [least, rounding] = isDouble ? [1e-12, 2 ** -50] : [1e-6, 2 ** -21];
	const solver = { op, tolerance: tolerance ?? least, maxSteps, scale: 1, rounding };
	return { x, p, flat, solver };
}

/** x = f(x, p), as a function of p with its derivative. */
function fixedPointOf(
	f: (x: Vector, p: Vector) => Vector,
	x0: Vector,
	p: Vector,
	solver: Solver,
): Vector {
	/** The w with w = A(at)·w + b, for a map A that is linear: a fixed point of its own. */
	const linear = (a: (w: Vector, at: Vector) => Vector, at: Vector, b: Vector): Vector => {
		const n = at.length;
		const step = (w: Vector, all: Vector) => sums(a(w, all.slice(0, n)), all.slice(n));
		const scale = Math.max(...b.map(largest));
		return fixedPointOf(step, b.map(stopped), [...at, ...b], { ...solver, scale });
	};
	// Values at which A and B are taken: parameters, and the solution behind them.
	const split = (at: Vector) => [at.slice(p.length), at.slice(0, p.length)] as const;
	return applyCall(
		{
			name: solver.op,
			differentiated: "params",
			f: (leaves) => atRest((x) => f(x, leaves), x0, solver),
			push: (leaves, x) => (dp) => {
				const b = jvp((at: Vector) => f(x, at), leaves, dp)[1];
				const forward = (w: Vector, at: Vector) => {
					const [x, leaves] = split(at);
					return jvp((v: Vector) => f(v, leaves), x, w)[1];
				};
				return linear(forward, [...leaves, ...x], b);
			},
			pull: (leaves, x, g) => {
				const backward = (w: Vector, at: Vector) => {
					const [x, leaves] = split(at);
					return vjp((v: Vector) => f(v, leaves), x)[1](w);
				};
				const w = linear(backward, [...leaves, ...x], g);
				return vjp((at: Vector) => f(x, at), leaves)[1](w);
			},
		},
		p,
	);
}

/**
 * Applies f until it changes nothing. From how the changes shrink, by a factor q a step, follows
 * how far away the limit is: q/(1 − q) times the last change.
 */
function atRest(f: (x: Vector) => Vector, x0: Vector, solver: Solver): Vector {
	const { tolerance, maxSteps, scale, rounding } = solver;
	let x = x0;
	let last = Number.POSITIVE_INFINITY;
	for (let steps = 0; steps < maxSteps; steps++) {
		const next = f(x);
		const change = Math.max(...next.map((leaf, i) => largest(sub(leaf, x[i]!))));
		const size = Math.max(scale, ...next.map(largest));
		checkFinite(solver, steps, size + change);
		x = next;
		const q = change / last;
		const rest = q < 1 ? (change * q) / (1 - q) : Number.POSITIVE_INFINITY;
		// In the end rounding alone is left, which does not shrink.
		if (Math.max(rest, change) <= tolerance * size || change <= rounding * size) return x;
		last = change;
	}
	throw notAtRest(solver, last, "f may be no contraction near the solution");
}

/** Newton's method on a vector. */
function newton(
	f: (x: Tensor, p: Vector) => Tensor,
	slope: (x: Tensor, p: Vector) => Tensor,
	x0: Tensor,
	p: Vector,
	solver: Solver,
): Tensor {
	const { tolerance, maxSteps, scale } = solver;
	let x = x0;
	let residual = f(x, p);
	let change = Number.POSITIVE_INFINITY;
	for (let steps = 0; steps < maxSteps; steps++) {
		const size = largest(residual);
		checkFinite(solver, steps, size);
		if (size === 0) return x;
		let dx = step(slope(x, p), residual);
		change = largest(dx);
		const isClose = change <= tolerance * Math.max(scale, largest(x));
		for (let halvings = 0; ; halvings++) {
			const next = sub(x, dx);
			const left = f(next, p);
			// At the end rounding decides whether the residual shrinks.
			if (isClose || largest(left) < size || halvings === MOST_HALVINGS) {
				[x, residual] = [next, left];
				break;
			}
			dx = mul(dx, 0.5);
		}
		if (isClose) return x;
	}
	throw notAtRest(solver, change, "there may be no root near x0");
}

const MOST_HALVINGS = 30;

/** What a Jacobian takes to b. */
function step(a: Tensor, b: Tensor): Tensor {
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

function notAtRest({ op, maxSteps }: Solver, change: number, why: string): DomainError {
	return new DomainError(
		`${op}: expected x to come to rest, but it still changes by ${change.toPrecision(3)} after ${maxSteps} steps; ` +
			`${why}: start nearer to it, or pass a larger maxSteps or tolerance`,
	);
}

/** @throws DomainError where a step gave an infinite value or NaN. */
function checkFinite({ op }: Solver, steps: number, size: number): void {
	if (Number.isFinite(size)) return;
	throw new DomainError(
		`${op}: expected finite values, got ${size} in step ${steps + 1}; start nearer to the solution`,
	);
}

/** The greatest absolute value; NaN where one is. */
function largest(x: Tensor): number {
	let greatest = 0;
	for (const value of elements(x)) {
		if (!(Math.abs(value) <= greatest)) greatest = Math.abs(value);
	}
	return greatest;
}

function sums(a: Vector, b: Vector): Tensor[] {
	return a.map((x, i) => add(x, b[i]!));
}
