import * as kind from "../core/argument-kinds.ts";
import { zerosLike } from "../core/create.ts";
import { broadcastNumber } from "../core/lift.ts";
import { checkArgument } from "../core/options.ts";
import { flatten, leavesLike } from "../core/tree.ts";
import { add, div, mul, neg } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { expm1 } from "../ops/exponential.ts";
import type { OptimizerState } from "./optimizer.ts";
import { fade } from "./optimizer.ts";

/** A mean of the parameters of the updates so far, in which the past fades. */
export interface Averaging {
	/** The state before the first update. */
	init<Params>(params: Params): OptimizerState<Params, "mean">;
	/**
	 * The mean of all parameters that were given, these among them, and the state to go on with.
	 * @throws GradientError when state and parameters differ in structure
	 */
	update<Params>(
		params: Params,
		state: OptimizerState<Params, "mean">,
	): [mean: Params, state: OptimizerState<Params, "mean">];
}

/**
 * The exponential moving average of weights, which often does better than the last ones: mean ←
 * decay·mean + (1 − decay)·x from 0 on, and what is given is mean / (1 − decayᵗ), so that the
 * weights of the mean add up to 1 from the first update on (B. T. Polyak and A. B. Juditsky,
 * "Acceleration of stochastic approximation by averaging", 1992; without the bias as Adam's means).
 * `[average, memory] = ema(0.999).update(params, memory)` after each step of an optimizer.
 * @throws DomainError when the decay is not from 0 to below 1
 */
export function ema(decay: number): Averaging {
	checkArgument("ema", "the decay", decay, kind.partial);
	return {
		init: <Params>(params: Params) => {
			const { leaves, rebuild } = flatten("ema", params, "parameters");
			const mean = rebuild<Params>(leaves.map((x) => zerosLike(x)));
			return { step: broadcastNumber("ema", 0, "int32", []), mean };
		},
		update: <Params>(params: Params, state: OptimizerState<Params, "mean">) => {
			const tree = flatten("ema", params, "parameters");
			const before = leavesLike("ema", "state.mean", state.mean, tree);
			const step = add(state.step, 1);
			const whole = neg(expm1(mul(astype(step, "float64"), Math.log(decay))));
			const means = tree.leaves.map((x, i) => fade(before[i]!, x, decay));
			const given = means.map((mean) => div(mean, astype(whole, mean.dtype)));
			return [tree.rebuild<Params>(given), { step, mean: tree.rebuild<Params>(means) }];
		},
	};
}
