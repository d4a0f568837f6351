import * as kind from "../core/argument-kinds.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, mul, neg, sign, sqrt, square } from "../ops/arithmetic.ts";
import { expm1 } from "../ops/exponential.ts";
import {
	learningRateKind,
	type Optimizer,
	type OptimizerOptions,
	optimizer,
	type WeightDecayOptions,
} from "./optimizer.ts";

/** a·rate + b·(1 − rate): a mean in which the past fades. */
function fade(a: Tensor, b: Tensor, rate: number): Tensor {
	return add(mul(rate, a), mul(1 - rate, b));
}

/** Options of `adam`. */
export interface AdamOptions extends OptimizerOptions {
	/** How much of the mean gradient is kept at an update; left out: 0.9. */
	readonly beta1?: number;
	/** How much of the mean squared gradient is kept; left out: 0.999. */
	readonly beta2?: number;
	/** Keeps the divisor from 0; left out: 1e−8. */
	readonly epsilon?: number;
}

const ADAM_OPTIONS: OptionKinds<AdamOptions> = {
	learningRate: learningRateKind,
	beta1: kind.partial,
	beta2: kind.partial,
	epsilon: kind.notNegative,
};

const DECAY_OPTIONS: OptionKinds<WeightDecayOptions> = {
	weightDecay: kind.notNegative,
	decays: kind.callable,
};

/**
 * Adam: m and v are the fading means of g and g², and the step is m̂ / (√v̂ + ε), the hats being
 * the division by 1 − βᵗ (D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization",
 * 2015, algorithm 1).
 * @throws DomainError when β₁ or β₂ is not from 0 to below 1
 */
export function adam(options: AdamOptions): Optimizer<"m" | "v"> {
	checkOptions("adam", options, ADAM_OPTIONS, ["learningRate"]);
	return adamLike("adam", options, {});
}

/** Options of `adamW`. */
export interface AdamWOptions extends AdamOptions, WeightDecayOptions {}

/**
 * Adam with weight decay that acts on the parameters by themselves and does not pass through the
 * means: x ← x − rate·(step + decay·x), with a decay of 0.01 unless said (I. Loshchilov and F.
 * Hutter, "Decoupled weight decay regularization", 2019, in the form that PyTorch gives it).
 * `decays: (path, x) => x.rank > 1` leaves biases and norms alone.
 * @throws DomainError when β₁ or β₂ is not from 0 to below 1
 */
export function adamW(options: AdamWOptions): Optimizer<"m" | "v"> {
	const kinds = { ...ADAM_OPTIONS, ...DECAY_OPTIONS };
	const { weightDecay = 0.01, decays } = checkOptions("adamW", options, kinds, ["learningRate"]);
	return adamLike("adamW", options, { decay: { rate: weightDecay, of: decays, decoupled: true } });
}

function adamLike(
	name: string,
	{ learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions,
	decay: Pick<Parameters<typeof optimizer>[0], "decay">,
): Optimizer<"m" | "v"> {
	return optimizer({
		name,
		learningRate,
		...decay,
		slots: ["m", "v"],
		scalars: (t) => ({
			correction1: neg(expm1(mul(t, Math.log(beta1)))),
			correction2: neg(expm1(mul(t, Math.log(beta2)))),
		}),
		direct: (g, slots, { correction1, correction2 }) => {
			const m = fade(slots.m, g, beta1);
			const v = fade(slots.v, square(g), beta2);
			const step = div(div(m, correction1), add(sqrt(div(v, correction2)), epsilon));
			return [step, { m, v }];
		},
	});
}

/** Options of `rmsProp`. */
export interface RmsPropOptions extends OptimizerOptions {
	/** How much of the mean squared gradient is kept at an update; left out: 0.99. */
	readonly decay?: number;
	/** Keeps the divisor from 0; left out: 1e−8. */
	readonly epsilon?: number;
}

/**
 * RMSProp: v is the fading mean of g², and the step is g / (√v + ε) (T. Tieleman and G. Hinton,
 * lecture 6.5 of "Neural networks for machine learning", 2012; ε outside of the root, as in
 * PyTorch).
 * @throws DomainError when `decay` is not from 0 to below 1
 */
export function rmsProp(options: RmsPropOptions): Optimizer<"v"> {
	const kinds = {
		learningRate: learningRateKind,
		decay: kind.partial,
		epsilon: kind.notNegative,
	};
	const given = checkOptions("rmsProp", options, kinds, ["learningRate"]);
	const { learningRate, decay = 0.99, epsilon = 1e-8 } = given;
	return optimizer({
		name: "rmsProp",
		learningRate,
		slots: ["v"],
		direct: (g, slots) => {
			const v = fade(slots.v, square(g), decay);
			return [div(g, add(sqrt(v), epsilon)), { v }];
		},
	});
}

/** Options of `adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
	/** Keeps the divisor from 0; left out: 1e−10. */
	readonly epsilon?: number;
}

/**
 * Adagrad: s is the sum of all g², and the step is g / (√s + ε) (J. Duchi, E. Hazan, Y. Singer,
 * "Adaptive subgradient methods for online learning and stochastic optimization", 2011).
 */
export function adagrad(options: AdagradOptions): Optimizer<"s"> {
	const kinds = { learningRate: learningRateKind, epsilon: kind.notNegative };
	const given = checkOptions("adagrad", options, kinds, ["learningRate"]);
	const { learningRate, epsilon = 1e-10 } = given;
	return optimizer({
		name: "adagrad",
		learningRate,
		slots: ["s"],
		direct: (g, slots) => {
			const s = add(slots.s, square(g));
			return [div(g, add(sqrt(s), epsilon)), { s }];
		},
	});
}

/** Options of `lion`. */
export interface LionOptions extends OptimizerOptions, WeightDecayOptions {
	/** How much of the mean gradient goes into the step; left out: 0.9. */
	readonly beta1?: number;
	/** How much of the mean gradient is kept at an update; left out: 0.99. */
	readonly beta2?: number;
}

/**
 * Lion: the step is the sign of β₁·m + (1 − β₁)·g, so that every parameter moves by the learning
 * rate, and then m ← β₂·m + (1 − β₂)·g. Weight decay, 0 unless said, acts on the parameters by
 * themselves (X. Chen and others, "Symbolic discovery of optimization algorithms", 2023, algorithm
 * 2).
 * @throws DomainError when β₁ or β₂ is not from 0 to below 1
 */
export function lion(options: LionOptions): Optimizer<"m"> {
	const betas = { beta1: kind.partial, beta2: kind.partial };
	const kinds = { learningRate: learningRateKind, ...betas, ...DECAY_OPTIONS };
	const given = checkOptions("lion", options, kinds, ["learningRate"]);
	const { learningRate, beta1 = 0.9, beta2 = 0.99, weightDecay = 0, decays } = given;
	return optimizer({
		name: "lion",
		learningRate,
		slots: ["m"],
		decay: { rate: weightDecay, of: decays, decoupled: true },
		direct: (g, { m }) => [sign(fade(m, g, beta1)), { m: fade(m, g, beta2) }],
	});
}
