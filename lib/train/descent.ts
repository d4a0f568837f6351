import { valueAndGrad } from "../autodiff/transforms.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Optimizer, OptimizerState } from "../optim/optimizer.ts";
import type { StepResult } from "./train.ts";

/** What gradient descent changes from step to step. */
export type DescentState<Params, Slots extends string = string> = {
	params: Params;
	optimizer: OptimizerState<Params, Slots>;
};

/** Gradient descent on a loss, as `train` takes it. */
export interface Descent<Params, Batch, Slots extends string> {
	/** The state to begin with. */
	begin(params: Params): DescentState<Params, Slots>;
	/** A step down the gradient of the loss on a batch. It may be compiled. */
	step(
		state: DescentState<Params, Slots>,
		batch: Batch,
		key: Tensor,
	): StepResult<DescentState<Params, Slots>> & { loss: Tensor };
}

/**
 * The steps of an optimizer down the gradient of a loss of parameters, a batch and a key for random
 * numbers: `const { begin, step } = descent(loss, adam({ learningRate: 1e-3 }))`, then `train({
 * state: begin(params), step: compile(step), … })`.
 */
export function descent<Params, Batch, Slots extends string>(
	loss: (params: Params, batch: Batch, key: Tensor) => Tensor,
	optimizer: Optimizer<Slots>,
): Descent<Params, Batch, Slots> {
	return {
		begin: (params) => ({ params, optimizer: optimizer.init(params) }),
		step: (state, batch, key) => {
			const [value, gradient] = valueAndGrad(loss)(state.params, batch, key);
			const [params, next] = optimizer.update(gradient, state.optimizer, state.params);
			return { state: { params, optimizer: next }, loss: value };
		},
	};
}
