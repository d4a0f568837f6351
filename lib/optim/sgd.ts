import * as kind from "../core/argument-kinds.ts";
import { DomainError } from "../core/error.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import { add, mul } from "../ops/arithmetic.ts";
import {
	learningRateKind,
	type Optimizer,
	type OptimizerOptions,
	optimizer,
	type WeightDecayOptions,
} from "./optimizer.ts";

/** Options of `sgd`. */
export interface SgdOptions extends OptimizerOptions, WeightDecayOptions {}

/** Options of `sgd` with momentum. */
export interface MomentumOptions extends SgdOptions {
	/** How much of the last step goes on. */
	readonly momentum: number;
	/** Whether the step is the one that momentum is about to make (Nesterov's); left out: no. */
	readonly nesterov?: boolean;
}

const SGD_OPTIONS: OptionKinds<SgdOptions & Partial<MomentumOptions>> = {
	learningRate: learningRateKind,
	momentum: kind.partial,
	nesterov: kind.flag,
	weightDecay: kind.notNegative,
	decays: kind.callable,
};

/**
 * Stochastic gradient descent with momentum: see the other form. Its state has the slot `velocity`.
 */
export function sgd(options: MomentumOptions): Optimizer<"velocity">;
/**
 * Stochastic gradient descent: x ← x − rate·g. With momentum μ: v ← μ·v + g and x ← x − rate·v, or
 * with `nesterov` x ← x − rate·(g + μ·v) (I. Sutskever and others, "On the importance of
 * initialization and momentum in deep learning", 2013, in the form that PyTorch gives it). Weight
 * decay is added to g.
 */
export function sgd(options: SgdOptions): Optimizer<never>;
/** Both of the above. */
export function sgd(options: SgdOptions & Partial<MomentumOptions>): Optimizer<"velocity" | never> {
	const given = checkOptions("sgd", options, SGD_OPTIONS, ["learningRate"]);
	const { learningRate, momentum, nesterov = false, weightDecay = 0, decays } = given;
	const decay = { rate: weightDecay, of: decays, decoupled: false };
	const shared = { name: "sgd", learningRate, ...(weightDecay === 0 ? {} : { decay }) };
	if (momentum === undefined) {
		if (nesterov) throw new DomainError("sgd: expected momentum beside nesterov, got none");
		const plain = optimizer({ ...shared, slots: [], direct: (g) => [g, {}] });
		return plain as Optimizer<"velocity" | never>;
	}
	return optimizer({
		...shared,
		slots: ["velocity"],
		direct: (g, slots) => {
			const velocity = add(mul(momentum, slots.velocity), g);
			return [nesterov ? add(mul(momentum, velocity), g) : velocity, { velocity }];
		},
	});
}
