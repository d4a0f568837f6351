import * as kind from "../core/argument-kinds.ts";
import { zerosLike } from "../core/create.ts";
import { checkArgument } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { mapTree } from "../core/tree.ts";
import { add, div, mod, mul, sub } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { equal, where } from "../ops/comparison.ts";
import type { Optimizer, OptimizerState } from "./optimizer.ts";

/**
 * An optimizer that makes one update with the mean of every `count` gradients, as if their batches
 * had been one: the parameters stay as they are until the last of them. Its state has one more
 * slot, `pending`; `step` counts gradients.
 * @throws DomainError when `count` is not a whole number from 1
 */
export function accumulate<Slots extends string>(
	optimizer: Optimizer<Slots>,
	count: number,
): Optimizer<Slots | "pending"> {
	checkArgument("accumulate", "the number of gradients", count, kind.count);
	type State<Params> = OptimizerState<Params, Slots | "pending">;
	return {
		init: <Params>(params: Params) => {
			const pending = mapTree((x) => zerosLike(x), params);
			return { ...optimizer.init(params), pending } as State<Params>;
		},
		update: <Params>(gradient: Params, state: State<Params>, params: Params) => {
			const { pending, ...rest } = state;
			const total = mapTree((s, g) => add(s, mul(g, 1 / count)), pending as Params, gradient);
			const inner = { ...rest, step: updatesOf(state.step, count) } as OptimizerState<
				Params,
				Slots
			>;
			const updated = optimizer.update(total, inner, params);
			// Which of the two it is must not depend on reading a value: a step that is compiled has
			// none.
			const last = equal(mod(add(state.step, 1), count), 0);
			const choose = <T>(yes: T, no: T): T => mapTree((x, y) => where(last, x, y), yes, no);
			const [moved, next] = choose(updated, [params, inner] as typeof updated);
			const emptied = mapTree((s) => where(last, 0, s), total);
			return [moved, { ...next, step: add(state.step, 1), pending: emptied } as State<Params>];
		},
	};
}

/** How many whole updates these gradients were. */
function updatesOf(gradients: Tensor, count: number): Tensor {
	return astype(div(sub(gradients, mod(gradients, count)), count), "int32");
}
