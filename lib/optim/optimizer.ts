import type { ArgumentKind } from "../core/argument-kinds.ts";
import * as kind from "../core/argument-kinds.ts";
import { zerosLike } from "../core/create.ts";
import { broadcastNumber } from "../core/lift.ts";
import type { OptionKinds } from "../core/options.ts";
import { Tensor } from "../core/tensor.ts";
import { flatten, leavesLike, mapTree } from "../core/tree.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";

/**
 * What an optimizer remembers: how many updates it has made, an int32 scalar, and for each slot a
 * tree in the structure of the parameters.
 */
export type OptimizerState<Params, Slots extends string = string> = { step: Tensor } & {
	[S in Slots]: Params;
};

/**
 * Turns gradients into new parameters. It holds nothing itself and changes nothing: state and
 * parameters, both plain nested objects of tensors, come in and go out.
 */
export interface Optimizer<Slots extends string = string> {
	/** The state before the first update. */
	init<Params>(params: Params): OptimizerState<Params, Slots>;
	/**
	 * The parameters after one more update, and the state to go on with.
	 * @throws GradientError when gradient, state and parameters differ in structure
	 */
	update<Params>(
		gradient: Params,
		state: OptimizerState<Params, Slots>,
		params: Params,
	): [params: Params, state: OptimizerState<Params, Slots>];
}

/**
 * The step size: a number, or a function of the number of updates made so far, a float64 scalar.
 */
export type LearningRate = number | ((step: Tensor) => Tensor | number);

/** What every optimizer is told. */
export interface OptimizerOptions {
	readonly learningRate: LearningRate;
}

/** What a learning rate may be. */
export const learningRateKind: ArgumentKind = {
	expected: "a number from 0, or a function of the step",
	holds: (x) => kind.notNegative.holds(x) || kind.callable.holds(x),
};

/** How parameters are drawn towards 0. */
export interface WeightDecayOptions {
	/** The pull, in proportion to the parameter. */
	readonly weightDecay?: number;
	/**
	 * Which parameters are pulled, by their path in the tree, such as `.layers[0].b`, and themselves;
	 * left out: all.
	 */
	readonly decays?: (path: string, x: Tensor) => boolean;
}

/** What the options of weight decay may be. */
export const DECAY_OPTIONS: OptionKinds<WeightDecayOptions> = {
	weightDecay: kind.notNegative,
	decays: kind.callable,
};

/** A slot that there is where an option is as said. */
export type SlotIf<Given, Said, Slot extends string> = Given extends Said ? Slot : never;

/** a·rate + b·(1 − rate): a mean in which the past fades. */
export function fade(a: Tensor, b: Tensor, rate: number): Tensor {
	return add(mul(rate, a), mul(1 - rate, b));
}

/** Weight decay, as an optimizer applies it. */
export interface Decay {
	readonly rate: number;
	readonly of: ((path: string, x: Tensor) => boolean) | undefined;
	/** Whether it acts on the parameter by itself, and not as a part of the gradient. */
	readonly decoupled: boolean;
}

/** What states an optimizer whose parameters do not know of each other. */
export interface Rule<Slots extends string, Scalars extends string> {
	readonly name: string;
	readonly learningRate: LearningRate;
	readonly slots: readonly Slots[];
	readonly decay?: Decay;
	/**
	 * Factors that depend on the number of the update alone, which is a float64 scalar and 1 for the
	 * first.
	 */
	readonly scalars?: (t: Tensor) => Readonly<Record<Scalars, Tensor>>;
	/** What a slot of a parameter holds at first; left out: zeros, in the parameter's shape. */
	readonly start?: (slot: Slots, x: Tensor, path: string) => Tensor;
	/** The learning rate that holds at the update of this number; left out: as it is said. */
	readonly rate?: (rate: number | Tensor, t: Tensor) => number | Tensor;
	/**
	 * The direction of the step, which is then −learningRate · direction, and what comes into the
	 * slots.
	 */
	readonly direct: (
		g: Tensor,
		slots: Readonly<Record<Slots, Tensor>>,
		scalars: Readonly<Record<Scalars, Tensor>>,
		x: Tensor,
		path: string,
	) => readonly [direction: Tensor, slots: Readonly<Record<Slots, Tensor>>];
}

/** The optimizer that applies a rule to each parameter. */
export function optimizer<Slots extends string = never, Scalars extends string = never>(
	rule: Rule<Slots, Scalars>,
): Optimizer<Slots> {
	const { name, slots, decay, learningRate, start = (_, x) => zerosLike(x) } = rule;
	return {
		init: <Params>(params: Params) => {
			const { leaves, paths, rebuild } = flatten(name, params, "parameters");
			const first = (slot: Slots) => rebuild(leaves.map((x, i) => start(slot, x, paths[i]!)));
			return {
				step: broadcastNumber(name, 0, "int32", []),
				...Object.fromEntries(slots.map((slot) => [slot, first(slot)])),
			} as OptimizerState<Params, Slots>;
		},
		update: <Params>(
			gradient: Params,
			state: OptimizerState<Params, Slots>,
			params: Params,
		): [Params, OptimizerState<Params, Slots>] => {
			const tree = flatten(name, params, "parameters");
			const gradients = leavesLike(name, "gradient", gradient, tree);
			const before = slots.map((slot) => leavesLike(name, `state.${slot}`, state[slot], tree));
			const made = astype(state.step, "float64");
			const said = typeof learningRate === "number" ? learningRate : learningRate(made);
			const rate = rule.rate === undefined ? said : rule.rate(said, add(made, 1));
			const scalars = rule.scalars?.(add(made, 1)) ?? ({} as Record<Scalars, Tensor>);

			const after: Tensor[][] = slots.map(() => []);
			const moved = tree.leaves.map((x, at) => {
				const path = tree.paths[at]!;
				const pull = decay !== undefined && (decay.of?.(path, x) ?? true) ? decay : null;
				const g = gradients[at]!;
				const [direction, next] = rule.direct(
					pull === null || pull.decoupled ? g : add(g, mul(pull.rate, x)),
					Object.fromEntries(slots.map((slot, i) => [slot, before[i]![at]!])) as Record<
						Slots,
						Tensor
					>,
					mapTree((scalar) => astype(scalar, x.dtype), scalars),
					x,
					path,
				);
				for (const [i, slot] of slots.entries()) after[i]!.push(next[slot]);
				const size = rate instanceof Tensor ? astype(rate, x.dtype) : rate;
				const whole = pull?.decoupled ? add(direction, mul(pull.rate, x)) : direction;
				return sub(x, mul(size, whole));
			});
			const next = {
				step: add(state.step, 1),
				...Object.fromEntries(slots.map((slot, i) => [slot, tree.rebuild(after[i]!)])),
			} as OptimizerState<Params, Slots>;
			return [tree.rebuild<Params>(moved), next];
		},
	};
}
