import * as kind from "../core/argument-kinds.ts";
import { ones, zeros } from "../core/create.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { abs, add, div, maximum, mul, neg, sqrt, square, sub } from "../ops/arithmetic.ts";
import { greater, where } from "../ops/comparison.ts";
import { exp, expm1 } from "../ops/exponential.ts";
import {
	DECAY_OPTIONS,
	type Decay,
	fade,
	learningRateKind,
	type Optimizer,
	type OptimizerOptions,
	optimizer,
	type SlotIf,
	type WeightDecayOptions,
} from "./optimizer.ts";

// Optimizers that divide the fading mean of the gradient by the root of that of its square.

/** What they are told. */
export interface MomentsOptions extends OptimizerOptions, WeightDecayOptions {
	/** How much of the mean gradient is kept at an update; left out: 0.9. */
	readonly beta1?: number;
	/** How much of the mean squared gradient is kept; left out: 0.999. */
	readonly beta2?: number;
	/** Keeps the divisor from 0; left out: 1e−8. */
	readonly epsilon?: number;
}

const MOMENTS_OPTIONS: OptionKinds<MomentsOptions> = {
	learningRate: learningRateKind,
	beta1: kind.partial,
	beta2: kind.partial,
	epsilon: kind.notNegative,
	...DECAY_OPTIONS,
};

/** Options of `adam` and `adamW`. */
export interface AdamOptions extends MomentsOptions {
	/** Whether v̂ is the greatest that was so far, so that steps never grow by it; left out: no. */
	readonly amsgrad?: boolean;
}

/** The slots of `adam` and `adamW` with these options. */
export type AdamSlots<O extends AdamOptions> = "m" | "v" | SlotIf<O["amsgrad"], true, "vMax">;

const ADAM_OPTIONS: OptionKinds<AdamOptions> = { ...MOMENTS_OPTIONS, amsgrad: kind.flag };

/**
 * Adam: m and v are the fading means of g and g², and the step is m̂ / (√v̂ + ε), the hats being
 * the division by 1 − βᵗ (D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization",
 * 2015, algorithm 1). With `amsgrad` the greatest v so far takes the place of v (S. J. Reddi, S.
 * Kale, S. Kumar, "On the convergence of Adam and beyond", 2018, in the form that PyTorch gives
 * it). Weight decay is added to g; `adamW` has it beside.
 * @throws DomainError when β₁ or β₂ is not from 0 to below 1
 */
export function adam<O extends AdamOptions>(options: O): Optimizer<AdamSlots<O>> {
	const given = checkOptions<AdamOptions>("adam", options, ADAM_OPTIONS, ["learningRate"]);
	return adamLike("adam", given, coupled(given));
}

/**
 * Adam with weight decay that acts on the parameters by themselves and does not pass through the
 * means: x ← x − rate·(step + decay·x), with a decay of 0.01 unless said (I. Loshchilov and F.
 * Hutter, "Decoupled weight decay regularization", 2019, in the form that PyTorch gives it).
 * `decays: (path, x) => x.rank > 1` leaves biases and norms alone.
 * @throws DomainError when β₁ or β₂ is not from 0 to below 1
 */
export function adamW<O extends AdamOptions>(options: O): Optimizer<AdamSlots<O>> {
	const given = checkOptions<AdamOptions>("adamW", options, ADAM_OPTIONS, ["learningRate"]);
	const { weightDecay = 0.01, decays } = given;
	return adamLike("adamW", given, { rate: weightDecay, of: decays, decoupled: true });
}

/** Weight decay that is a part of the gradient, if there is any. */
function coupled({ weightDecay = 0, decays }: WeightDecayOptions): Decay | undefined {
	return weightDecay === 0 ? undefined : { rate: weightDecay, of: decays, decoupled: false };
}

function adamLike(name: string, options: AdamOptions, decay: Decay | undefined): Optimizer<string> {
	const { learningRate, amsgrad = false } = options;
	const { correction, moments } = momentsOf(options);
	const { epsilon = 1e-8 } = options;
	return optimizer<"m" | "v" | "vMax", "correction1" | "correction2">({
		name,
		learningRate,
		...(decay && { decay }),
		slots: amsgrad ? ["m", "v", "vMax"] : ["m", "v"],
		scalars: correction,
		direct: (g, slots, { correction1, correction2 }) => {
			const { m, v } = moments(g, slots);
			const vMax = amsgrad ? maximum(slots.vMax, v) : v;
			const step = div(div(m, correction1), add(sqrt(div(vMax, correction2)), epsilon));
			return [step, { m, v, vMax }];
		},
	});
}

/** The fading means, and 1 − βᵗ, by which they are divided. */
export function momentsOf({ beta1 = 0.9, beta2 = 0.999 }: MomentsOptions) {
	return {
		correction: (t: Tensor) => ({
			correction1: neg(expm1(mul(t, Math.log(beta1)))),
			correction2: neg(expm1(mul(t, Math.log(beta2)))),
		}),
		moments: (g: Tensor, slots: { readonly m: Tensor; readonly v: Tensor }) => ({
			m: fade(slots.m, g, beta1),
			v: fade(slots.v, square(g), beta2),
		}),
	};
}

/**
 * Adam by the greatest size: u is the greater of β₂·u and |g| + ε, and the step is m̂ / u (D. P.
 * Kingma and J. Ba, as for `adam`, section 7.1, with ε as PyTorch has it). Weight decay is added to
 * g.
 * @throws DomainError when β₁ or β₂ is not from 0 to below 1
 */
export function adamax(options: MomentsOptions): Optimizer<"m" | "u"> {
	const given = checkOptions("adamax", options, MOMENTS_OPTIONS, ["learningRate"]);
	const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = given;
	const { correction } = momentsOf(given);
	const decay = coupled(given);
	return optimizer({
		name: "adamax",
		learningRate,
		...(decay && { decay }),
		slots: ["m", "u"],
		scalars: (t) => ({ correction1: correction(t).correction1 }),
		direct: (g, slots, { correction1 }) => {
			const m = fade(slots.m, g, beta1);
			const u = maximum(mul(beta2, slots.u), add(abs(g), epsilon));
			return [div(div(m, correction1), u), { m, u }];
		},
	});
}

/** Options of `nadam`. */
export interface NadamOptions extends MomentsOptions {
	/** How fast the momentum rises from half of β₁ to β₁; left out: 0.004. */
	readonly momentumDecay?: number;
}

/**
 * Adam whose step is the one that momentum is about to make, as Nesterov's: with μₜ = β₁·(1 −
 * ½·0.96^(t·ψ)), where ψ is `momentumDecay`, the step is (μₜ₊₁·m / (1 − μ₁⋯μₜ₊₁) + (1 − μₜ)·g / (1
 * − μ₁⋯μₜ)) / (√v̂ + ε) (T. Dozat, "Incorporating Nesterov momentum into Adam", 2016). The slot
 * `product` has μ₁⋯μₜ. Weight decay is added to g.
 * @throws DomainError when β₁ or β₂ is not from 0 to below 1
 */
export function nadam(options: NadamOptions): Optimizer<"m" | "v" | "product"> {
	const kinds = { ...MOMENTS_OPTIONS, momentumDecay: kind.notNegative };
	const given = checkOptions<NadamOptions>("nadam", options, kinds, ["learningRate"]);
	const { learningRate, beta1 = 0.9, epsilon = 1e-8, momentumDecay = 0.004 } = given;
	const { correction, moments } = momentsOf(given);
	const decay = coupled(given);
	const momentum = (t: Tensor) =>
		mul(beta1, sub(1, mul(0.5, exp(mul(t, Math.log(0.96) * momentumDecay)))));
	return optimizer({
		name: "nadam",
		learningRate,
		...(decay && { decay }),
		slots: ["m", "v", "product"],
		start: (slot, { shape, dtype }) =>
			slot === "product" ? ones([], { dtype }) : zeros(shape, { dtype }),
		scalars: (t) => ({
			correction2: correction(t).correction2,
			now: momentum(t),
			next: momentum(add(t, 1)),
		}),
		direct: (g, slots, { correction2, now, next }) => {
			const { m, v } = moments(g, slots);
			const product = mul(slots.product, now);
			const ahead = mul(m, div(next, sub(1, mul(product, next))));
			const here = mul(g, div(sub(1, now), sub(1, product)));
			return [div(add(ahead, here), add(sqrt(div(v, correction2)), epsilon)), { m, v, product }];
		},
	});
}

/**
 * Adam that does not divide by √v while v is known from too few gradients, and scales down what it
 * divides in the updates after that: with ρ∞ = 2 / (1 − β₂) − 1 and ρ = ρ∞ − 2·t·β₂ᵗ / (1 − β₂ᵗ)
 * the step is m̂ up to ρ = 5, and then m̂·r / ((√v + ε) / √(1 − β₂ᵗ)) with r² = (ρ − 4)(ρ − 2)ρ∞ /
 * ((ρ∞ − 4)(ρ∞ − 2)ρ) (L. Liu and others, "On the variance of the adaptive learning rate and
 * beyond", 2020, with ε as PyTorch has it). Weight decay is added to g.
 * @throws DomainError when β₁ or β₂ is not from 0 to below 1
 */
export function radam(options: MomentsOptions): Optimizer<"m" | "v"> {
	const given = checkOptions("radam", options, MOMENTS_OPTIONS, ["learningRate"]);
	const { learningRate, beta2 = 0.999, epsilon = 1e-8 } = given;
	const { correction, moments } = momentsOf(given);
	const decay = coupled(given);
	const most = 2 / (1 - beta2) - 1;
	return optimizer({
		name: "radam",
		learningRate,
		...(decay && { decay }),
		slots: ["m", "v"],
		scalars: (t) => {
			const { correction1, correction2 } = correction(t);
			const faded = mul(mul(2, t), sub(1, correction2));
			const rho = sub(most, div(faded, correction2));
			const part = div(mul(sub(rho, 4), sub(rho, 2)), mul(rho, (most - 4) * (1 - 2 / most)));
			const isKnown = greater(rho, 5);
			const factor = sqrt(mul(where(isKnown, part, 0), correction2));
			return { correction1, factor };
		},
		direct: (g, slots, { correction1, factor }) => {
			const { m, v } = moments(g, slots);
			const mean = div(m, correction1);
			const divided = mul(mean, div(factor, add(sqrt(v), epsilon)));
			return [where(greater(factor, 0), divided, mean), { m, v }];
		},
	});
}
