import { valueAndGrad } from "../autodiff/transforms.ts";
import { callable, structure } from "../core/argument-kinds.ts";
import { DomainError } from "../core/error.ts";
import { checkArgument } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Optimizer, OptimizerState } from "../optim/optimizer.ts";
import type { StepResult } from "./options.ts";

/** What gradient descent changes from step to step. */
export type DescentState<Params, Slots extends string = string> = {
	params: Params;
	optimizer: OptimizerState<Params, Slots>;
};

/** The same for layers that have a state, such as batch norm. */
export type LayersDescentState<Params, Layers, Slots extends string = string> = DescentState<
	Params,
	Slots
> & { layers: Layers };

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

/** Gradient descent on a loss with layers that have a state, which goes from step to step. */
export interface LayersDescent<Params, Layers, Batch, Slots extends string> {
	/** The state to begin with. */
	begin(params: Params, layers: Layers): LayersDescentState<Params, Layers, Slots>;
	/** A step down the gradient of the loss on a batch. It may be compiled. */
	step(
		state: LayersDescentState<Params, Layers, Slots>,
		batch: Batch,
		key: Tensor,
	): StepResult<LayersDescentState<Params, Layers, Slots>> & { loss: Tensor };
}

/** The state of either sort. */
type AnyState<Params, Slots extends string> = DescentState<Params, Slots> & { layers?: unknown };

/**
 * Gradient descent where layers have a state, as batch norm has: the loss takes it behind the key
 * and gives the next one, `[loss, layers]`; training begins with `begin(params,
 * model.initialState())`.
 */
export function descent<Params, Layers, Batch, Slots extends string>(
	loss: (params: Params, batch: Batch, key: Tensor, layers: Layers) => readonly [Tensor, Layers],
	optimizer: Optimizer<Slots>,
): LayersDescent<Params, Layers, Batch, Slots>;
/**
 * The steps of an optimizer down the gradient of a loss of parameters, a batch and a key for random
 * numbers: `const { begin, step } = descent(loss, adam({ learningRate: 1e-3 }))`, then `train({
 * state: begin(params), step: compile(step), … })`.
 */
export function descent<Params, Batch, Slots extends string>(
	loss: (params: Params, batch: Batch, key: Tensor) => Tensor,
	optimizer: Optimizer<Slots>,
): Descent<Params, Batch, Slots>;
/** Without or with a state of layers. */
export function descent<Params, Batch, Slots extends string>(
	loss: (...args: [Params, Batch, Tensor, unknown]) => Tensor | readonly [Tensor, unknown],
	optimizer: Optimizer<Slots>,
): object {
	checkArgument("descent", "the loss", loss, callable);
	checkArgument("descent", "the optimizer", optimizer, structure);
	return {
		begin: (params: Params, layers?: unknown): AnyState<Params, Slots> => {
			const state = { params, optimizer: optimizer.init(params) };
			return layers === undefined ? state : { ...state, layers };
		},
		step: (state: AnyState<Params, Slots>, batch: Batch, key: Tensor) => {
			const [value, gradient] = valueAndGrad(loss)(state.params, batch, key, state.layers);
			const [params, next] = optimizer.update(gradient, state.optimizer, state.params);
			if (Array.isArray(value) !== (state.layers !== undefined)) {
				throw new DomainError(
					"descent: expected a state of layers to come in, by begin(params, layers), and out, as [loss, layers]",
				);
			}
			return Array.isArray(value)
				? { state: { params, optimizer: next, layers: value[1] }, loss: value[0] }
				: { state: { params, optimizer: next }, loss: value };
		},
	};
}
