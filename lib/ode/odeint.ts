import { checkFloat, vectorLeaves } from "../autodiff/run.ts";
import * as kind from "../core/argument-kinds.ts";
import type { DType } from "../core/dtype.ts";
import { DomainError, DTypeError, ShapeError } from "../core/error.ts";
import { asTensor, vector } from "../core/lift.ts";
import { checkFunction, checkOptions, type OptionKinds } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { flatten } from "../core/tree.ts";
import { isValueless } from "../core/valueless.ts";
import { astype } from "../ops/cast.ts";
import { byAdjoint } from "./adjoint.ts";
import { along } from "./along.ts";
import { dormandPrince } from "./dormand-prince.ts";
import type { OdeFunction, Stretch } from "./model.ts";
import { rungeKutta } from "./runge-kutta.ts";

/** Options of `odeint`. */
export interface OdeOptions {
	/**
	 * `"dopri5"`, steps as long as the tolerances allow, or `"rk4"`, `steps` steps of equal length
	 * from each time to the next; left out: `"dopri5"`.
	 */
	readonly method?: "dopri5" | "rk4";
	/** For `"rk4"`: how many steps from each time to the next; left out: 10. */
	readonly steps?: number;
	/** For `"dopri5"`: the error of a step, relative to the state; left out: 1e-7, float32 1e-4. */
	readonly rtol?: number;
	/** For `"dopri5"`: the error of a step that is always allowed; left out: 1e-9, float32 1e-6. */
	readonly atol?: number;
	/** For `"dopri5"`: the most steps from each time to the next; left out: 10,000. */
	readonly maxSteps?: number;
	/**
	 * `"adjoint"`: the derivative of the equation, by another one that runs back in reverse mode; no
	 * step is kept. `"solver"`: that of the steps taken, exactly, all of which are kept. Left out:
	 * `"adjoint"` for `"dopri5"`, `"solver"` for `"rk4"`.
	 */
	readonly gradient?: "adjoint" | "solver";
}

const OPTIONS: OptionKinds<OdeOptions> = {
	method: ["dopri5", "rk4"],
	steps: kind.count,
	rtol: kind.notNegative,
	atol: kind.positive,
	maxSteps: kind.count,
	gradient: ["adjoint", "solver"],
};

/**
 * Solves dy/dt = f(y, t, params) from `y0` at the first of the times on, and gives y at all of
 * them, along a new first axis. `y0` and `params` are nested plain objects and arrays of float
 * tensors, those of `y0` of one dtype, and `f` gives the structure of `y0`. The times are a vector
 * that only grows or only falls.
 *
 * Derivatives with respect to `y0`, `params` and the times are of any order and in both modes. By
 * the adjoint equation they are those of the exact solution, right to about the tolerances; by the
 * solver, those of the steps that were taken, to the last digits. There the lengths of the steps of
 * `"dopri5"` count as constants, but for the last one before each time, which moves with it. What
 * `f` is to be differentiated by must be in `params`.
 *
 * Under `compile` and `vmap` too, where each example takes its own steps: a solution that would
 * need more than `maxSteps` is then NaN, and an error elsewhere. There, in reverse mode by the
 * solver, `"dopri5"` keeps room for all `maxSteps` steps; those after the end do nothing.
 *
 * @throws ShapeError where f does not give the shapes of `y0`, or the times are no vector
 * @throws DomainError where the times neither grow nor fall, or `maxSteps` are not enough
 * @throws GradientError where f uses a differentiated tensor that is in none of the three
 */
export function odeint<Y, P>(
	f: (y: Y, t: Tensor, params: P) => Y,
	y0: Y,
	times: TensorLike | readonly number[],
	params: P,
	options: OdeOptions = {},
): Y {
	checkFunction("odeint", f);
	const given = checkOptions("odeint", options, OPTIONS);
	const y = flatten("odeint", y0, "y0");
	const p = flatten("odeint", params, "params");
	checkFloat("odeint", "y0", y);
	checkFloat("odeint", "params", p);
	const { dtype } = y.leaves[0]!;
	for (const [i, leaf] of y.leaves.entries()) {
		if (leaf.dtype === dtype) continue;
		throw new DTypeError(
			`odeint: expected y0${y.paths[i]} to be ${dtype}, as y0${y.paths[0]} is, got ${leaf.dtype}`,
		);
	}
	const at = timesOf(times, dtype);
	const slope: OdeFunction = (leaves, t, more) =>
		vectorLeaves("odeint", "result", f(y.rebuild(leaves), t, p.rebuild(more)), y);
	const { method = "dopri5", gradient = method === "dopri5" ? "adjoint" : "solver" } = given;
	const stretch =
		method === "rk4" ? rungeKutta(given.steps ?? 10) : adaptive(given, gradient, dtype);
	const ys =
		gradient === "adjoint"
			? byAdjoint(slope, y.leaves, at, p.leaves, stretch)
			: along(slope, y.leaves, at, p.leaves, stretch);
	return y.rebuild(ys);
}

function adaptive(
	{ rtol, atol, maxSteps = 10_000 }: OdeOptions,
	gradient: "adjoint" | "solver",
	dtype: DType,
): Stretch {
	const [relative, absolute] = dtype === "float32" ? [1e-4, 1e-6] : [1e-7, 1e-9];
	return dormandPrince({
		rtol: rtol ?? relative,
		atol: atol ?? absolute,
		maxSteps,
		bounded: gradient === "solver",
	});
}

/** @throws ShapeError, DomainError for what are no times. */
function timesOf(times: TensorLike | readonly number[], dtype: DType): Tensor {
	const given = Array.isArray(times) ? vector(times) : asTensor("odeint", times as TensorLike);
	if (given.rank !== 1 || given.size < 1) {
		throw new ShapeError(
			`odeint: expected the times as a vector with at least one, got shape ${showShape(given.shape)}`,
		);
	}
	const at = astype(given, dtype);
	if (isValueless(at)) return at;
	const all = [...elements(at)];
	const ways = new Set(all.slice(1).map((t, i) => Math.sign(t - all[i]!)));
	if (ways.size > 1 || !all.every(Number.isFinite)) {
		throw new DomainError(`odeint: expected times that only grow or only fall, got ${at}`);
	}
	return at;
}
