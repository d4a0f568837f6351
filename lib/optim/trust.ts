import * as kind from "../core/argument-kinds.ts";
import { checkOptions } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, mul, sqrt } from "../ops/arithmetic.ts";
import { equal, logicalOr, where } from "../ops/comparison.ts";
import { norm } from "../ops/reductions.ts";
import { type MomentsOptions, momentsOf } from "./adam.ts";
import {
	DECAY_OPTIONS,
	learningRateKind,
	type Optimizer,
	type OptimizerOptions,
	optimizer,
	type WeightDecayOptions,
} from "./optimizer.ts";

// Optimizers for large batches: the step of each parameter is as long as the parameter says.

/** The step, made as long as x is, times a factor; as it is where one of them is zeros. */
function asLongAs(x: Tensor, step: Tensor, factor: number): Tensor {
	const [length, own] = [norm(x), norm(step)];
	const isZero = logicalOr(equal(length, 0), equal(own, 0));
	return mul(step, where(isZero, 1, mul(factor, div(length, where(isZero, 1, own)))));
}

/** Adds weight decay to what a parameter moves by, where it has any. */
function withDecay({ weightDecay = 0, decays }: WeightDecayOptions) {
	return (step: Tensor, x: Tensor, path: string) =>
		weightDecay !== 0 && (decays?.(path, x) ?? true) ? add(step, mul(weightDecay, x)) : step;
}

/**
 * LAMB: the step of Adam, with weight decay · x added, is made as long as the parameter x; it is
 * left as it is where one of them is zeros (Y. You and others, "Large batch optimization for deep
 * learning: training BERT in 76 minutes", 2020, with ε of 1e−6 unless said).
 * @throws DomainError when β₁ or β₂ is not from 0 to below 1
 */
export function lamb(options: MomentsOptions): Optimizer<"m" | "v"> {
	const betas = { beta1: kind.partial, beta2: kind.partial, epsilon: kind.notNegative };
	const kinds = { learningRate: learningRateKind, ...betas, ...DECAY_OPTIONS };
	const given = checkOptions<MomentsOptions>("lamb", options, kinds, ["learningRate"]);
	const { learningRate, epsilon = 1e-6 } = given;
	const { correction, moments } = momentsOf(given);
	const decayed = withDecay(given);
	return optimizer({
		name: "lamb",
		learningRate,
		slots: ["m", "v"],
		scalars: correction,
		direct: (g, slots, { correction1, correction2 }, x, path) => {
			const { m, v } = moments(g, slots);
			const step = div(div(m, correction1), add(sqrt(div(v, correction2)), epsilon));
			return [asLongAs(x, decayed(step, x, path), 1), { m, v }];
		},
	});
}

/** Options of `lars`. */
export interface LarsOptions extends OptimizerOptions, WeightDecayOptions {
	/** How long the step is, as a part of the parameter's length; left out: 0.001. */
	readonly trust?: number;
	/** How much of the last step goes on; left out: 0.9. */
	readonly momentum?: number;
}

/**
 * LARS: the gradient, with weight decay · x added, is made `trust` times as long as the parameter
 * x, and goes into a velocity, which is the step; it is left as it is where one of them is zeros
 * (Y. You, I. Gitman, B. Ginsburg, "Large batch training of convolutional networks", 2017).
 * @throws DomainError when `momentum` is not from 0 to below 1
 */
export function lars(options: LarsOptions): Optimizer<"velocity"> {
	const own = { trust: kind.notNegative, momentum: kind.partial };
	const kinds = { learningRate: learningRateKind, ...own, ...DECAY_OPTIONS };
	const given = checkOptions<LarsOptions>("lars", options, kinds, ["learningRate"]);
	const { learningRate, trust = 0.001, momentum = 0.9 } = given;
	const decayed = withDecay(given);
	return optimizer({
		name: "lars",
		learningRate,
		slots: ["velocity"],
		direct: (g, slots, _, x, path) => {
			const step = asLongAs(x, decayed(g, x, path), trust);
			const velocity = add(mul(momentum, slots.velocity), step);
			return [velocity, { velocity }];
		},
	});
}
