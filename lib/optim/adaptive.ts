import * as kind from "../core/argument-kinds.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import { add, div, maximum, mul, sign, sqrt, square, sub } from "../ops/arithmetic.ts";
import {
	DECAY_OPTIONS,
	fade,
	learningRateKind,
	type Optimizer,
	type OptimizerOptions,
	optimizer,
	type SlotIf,
	type WeightDecayOptions,
} from "./optimizer.ts";

/** Options of `rmsProp`. */
export interface RmsPropOptions extends OptimizerOptions, WeightDecayOptions {
	/** How much of the mean squared gradient is kept at an update; left out: 0.99. */
	readonly decay?: number;
	/** Keeps the divisor from 0; left out: 1e−8. */
	readonly epsilon?: number;
	/** How much of the last step goes on; left out: nothing. */
	readonly momentum?: number;
	/** Whether g² is compared with the mean gradient, squared; left out: no. */
	readonly centered?: boolean;
}

const RMS_PROP_OPTIONS: OptionKinds<RmsPropOptions> = {
	learningRate: learningRateKind,
	decay: kind.partial,
	epsilon: kind.notNegative,
	momentum: kind.partial,
	centered: kind.flag,
	...DECAY_OPTIONS,
};

/**
 * RMSProp: v is the fading mean of g², and the step is g / (√v + ε) (T. Tieleman and G. Hinton,
 * lecture 6.5 of "Neural networks for machine learning", 2012; ε outside of the root, as in
 * PyTorch). With `centered` v gives way to v − m², where m is the fading mean of g: the variance,
 * which is kept from falling below 0 by rounding (A. Graves, "Generating sequences with recurrent
 * neural networks", 2013). With momentum μ: velocity ← μ·velocity + step, which is then the step.
 * Weight decay is added to g.
 * @throws DomainError when `decay` or `momentum` is not from 0 to below 1
 */
export function rmsProp<O extends RmsPropOptions>(
	options: O,
): Optimizer<
	"v" | SlotIf<O["momentum"], number, "velocity"> | SlotIf<O["centered"], true, "mean">
> {
	const given = checkOptions<RmsPropOptions>("rmsProp", options, RMS_PROP_OPTIONS, [
		"learningRate",
	]);
	const { learningRate, decay = 0.99, epsilon = 1e-8, momentum, centered = false } = given;
	const { weightDecay = 0, decays } = given;
	const slots = [
		"v",
		...(momentum === undefined ? [] : ["velocity"]),
		...(centered ? ["mean"] : []),
	];
	const rule = optimizer({
		name: "rmsProp",
		learningRate,
		slots: slots as ("v" | "velocity" | "mean")[],
		...(weightDecay === 0 ? {} : { decay: { rate: weightDecay, of: decays, decoupled: false } }),
		direct: (g, slots) => {
			const v = fade(slots.v, square(g), decay);
			const mean = centered ? fade(slots.mean, g, decay) : slots.mean;
			const spread = centered ? maximum(sub(v, square(mean)), 0) : v;
			const step = div(g, add(sqrt(spread), epsilon));
			const velocity = momentum === undefined ? step : add(mul(momentum, slots.velocity), step);
			return [velocity, { v, mean, velocity }];
		},
	});
	return rule as Optimizer<string>;
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

/** Options of `adadelta`. */
export interface AdadeltaOptions extends OptimizerOptions, WeightDecayOptions {
	/** How much of the mean squares is kept at an update; left out: 0.9. */
	readonly decay?: number;
	/** Keeps roots and the divisor from 0; left out: 1e−6. */
	readonly epsilon?: number;
}

/**
 * Adadelta: v and u are the fading means of g² and of the squared steps, and the step is
 * g·√(u + ε) / √(v + ε), in the unit of the parameters, so that the learning rate is often 1 (M. D.
 * Zeiler, "ADADELTA: an adaptive learning rate method", 2012). Weight decay is added to g.
 * @throws DomainError when `decay` is not from 0 to below 1
 */
export function adadelta(options: AdadeltaOptions): Optimizer<"v" | "u"> {
	const own = { decay: kind.partial, epsilon: kind.notNegative };
	const kinds = { learningRate: learningRateKind, ...own, ...DECAY_OPTIONS };
	const given = checkOptions<AdadeltaOptions>("adadelta", options, kinds, ["learningRate"]);
	const { learningRate, decay = 0.9, epsilon = 1e-6, weightDecay = 0, decays } = given;
	return optimizer({
		name: "adadelta",
		learningRate,
		slots: ["v", "u"],
		...(weightDecay === 0 ? {} : { decay: { rate: weightDecay, of: decays, decoupled: false } }),
		direct: (g, slots) => {
			const v = fade(slots.v, square(g), decay);
			const step = mul(g, div(sqrt(add(slots.u, epsilon)), sqrt(add(v, epsilon))));
			return [step, { v, u: fade(slots.u, square(step), decay) }];
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
