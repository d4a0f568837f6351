import * as kind from "../core/argument-kinds.ts";
import { full } from "../core/create.ts";
import { DomainError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { checkArgument, checkOptions } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, floor, maximum, minimum, mul, sub } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { less, lessEqual, where } from "../ops/comparison.ts";
import { power } from "../ops/exponential.ts";
import { cos } from "../ops/trigonometric.ts";

/**
 * A learning rate as a function of the number of updates made so far, a number or a scalar tensor:
 * a float64 scalar.
 */
export type Schedule = (step: Tensor | number) => Tensor;

function schedule(op: string, rate: (step: Tensor) => Tensor): Schedule {
	return (step) => rate(astype(asTensor(op, step), "float64"));
}

/** Always the same rate. */
export function constant(rate: number): Schedule {
	checkArgument("constant", "the rate", rate, kind.notNegative);
	return () => full([], rate);
}

/** Options of `step`. */
export interface StepOptions {
	/** The rate at first. */
	readonly initial: number;
	/** After how many steps the rate is multiplied, again and again. */
	readonly every: number;
	/** By what; left out: 0.1. */
	readonly factor?: number;
}

/**
 * initial · factor^⌊step / every⌋: down a stair.
 * @throws DomainError when a number is negative, or `every` is 0
 */
export function step(options: StepOptions): Schedule {
	const kinds = { initial: kind.notNegative, every: kind.positive, factor: kind.notNegative };
	const given = checkOptions("step", options, kinds, ["initial", "every"]);
	const { initial, every, factor = 0.1 } = given;
	return schedule("step", (step) => mul(initial, power(factor, floor(div(step, every)))));
}

/** Options of `exponential`. */
export interface ExponentialOptions {
	/** The rate at first. */
	readonly initial: number;
	/** By what it is multiplied at every step. */
	readonly factor: number;
}

/**
 * initial · factor^step.
 * @throws DomainError when a number is negative
 */
export function exponential(options: ExponentialOptions): Schedule {
	const kinds = { initial: kind.notNegative, factor: kind.notNegative };
	const { initial, factor } = checkOptions("exponential", options, kinds, ["initial", "factor"]);
	return schedule("exponential", (step) => mul(initial, power(factor, step)));
}

/** Options of `cosine`. */
export interface CosineOptions {
	/** The rate at first. */
	readonly initial: number;
	/** After how many steps the final rate is reached; it stays. */
	readonly steps: number;
	/** Left out: 0. */
	readonly final?: number;
}

/**
 * From the initial rate to the final one along half a cosine (I. Loshchilov and F. Hutter, "SGDR:
 * stochastic gradient descent with warm restarts", 2017, without the restarts).
 * @throws DomainError when a rate is negative, or `steps` is not above 0
 */
export function cosine(options: CosineOptions): Schedule {
	const kinds = { initial: kind.notNegative, steps: kind.positive, final: kind.notNegative };
	const given = checkOptions("cosine", options, kinds, ["initial", "steps"]);
	const { initial, steps, final = 0 } = given;
	return schedule("cosine", (step) => halfCosine(initial, final, div(step, steps)));
}

/** From `a` where t is 0 to `b` where t is 1 and beyond. */
function halfCosine(a: number, b: number, t: Tensor): Tensor {
	const share = mul(0.5, add(1, cos(mul(Math.PI, minimum(t, 1)))));
	return add(b, mul(a - b, share));
}

/** Options of `polynomialDecay`. */
export interface PolynomialDecayOptions extends CosineOptions {
	/** Left out: 1, a line. */
	readonly power?: number;
}

/**
 * From the initial rate to the final one as final + (initial − final)·(1 − step / steps)^power.
 * @throws DomainError when a rate is negative, or `steps` or `power` is not above 0
 */
export function polynomialDecay(options: PolynomialDecayOptions): Schedule {
	const rates = { initial: kind.notNegative, final: kind.notNegative };
	const kinds = { ...rates, steps: kind.positive, power: kind.positive };
	const given = checkOptions<PolynomialDecayOptions>("polynomialDecay", options, kinds, [
		"initial",
		"steps",
	]);
	const { initial, steps, final = 0, power: exponent = 1 } = given;
	return schedule("polynomialDecay", (step) => {
		const left = sub(1, minimum(div(step, steps), 1));
		return add(final, mul(initial - final, power(left, exponent)));
	});
}

/**
 * One schedule after another: each begins, at its step 0, at its boundary, the first at 0. A cosine
 * with warm restarts is `join([cosine(a), cosine(b), cosine(c)], [100, 300])`.
 * @throws DomainError when there is not one boundary between any two schedules, or boundaries do
 * not ascend from above 0
 */
export function join(parts: readonly Schedule[], boundaries: readonly number[]): Schedule {
	checkArgument("join", "the boundaries", boundaries, kind.numbers);
	const between = {
		expected: `as many functions of a step as boundaries, and one more, ${boundaries.length + 1}`,
		holds: (x: unknown) =>
			Array.isArray(x) && x.length === boundaries.length + 1 && x.every(kind.callable.holds),
	};
	checkArgument("join", "the schedules", parts, between);
	const ascends = boundaries.every((at, i) => at > (boundaries[i - 1] ?? 0));
	if (!ascends) {
		throw new DomainError(
			`join: expected boundaries that ascend from above 0, got [${boundaries.join(", ")}]`,
		);
	}
	return schedule("join", (step) =>
		boundaries.reduce(
			(rate, at, i) => where(less(step, at), rate, parts[i + 1]!(maximum(sub(step, at), 0))),
			parts[0]!(step),
		),
	);
}

/**
 * Another schedule after a rise of so many steps in equal parts, the first of which is above 0:
 * `warmUp(100, cosine({ initial: 0.001, steps: 900 }))`.
 * @throws DomainError when `steps` is not above 0
 */
export function warmUp(steps: number, then: Schedule): Schedule {
	checkArgument("warmUp", "steps", steps, kind.positive);
	checkArgument("warmUp", "what follows", then, kind.callable);
	return schedule("warmUp", (step) => {
		const rising = mul(then(0), div(add(step, 1), steps + 1));
		// The schedule that follows is asked for steps from 0 on only.
		return where(less(step, steps), rising, then(maximum(sub(step, steps), 0)));
	});
}

/** Options of `oneCycle`. */
export interface OneCycleOptions {
	/** The greatest rate. */
	readonly peak: number;
	/** How many updates there are in all. */
	readonly steps: number;
	/** Which part of them rises; left out: 0.3. */
	readonly rise?: number;
	/** What part of the peak is the rate at first; left out: 1/25. */
	readonly start?: number;
	/** What part of the first rate is the last one; left out: 1e−4. */
	readonly end?: number;
}

/**
 * Up to the peak and down again, along half a cosine each (L. N. Smith and N. Topin,
 * "Super-convergence: very fast training of neural networks using large learning rates", 2018, with
 * the defaults of PyTorch).
 * @throws DomainError when a number is negative, `rise` is not below 1, or there are too few steps
 * to rise
 */
export function oneCycle(options: OneCycleOptions): Schedule {
	const kinds = {
		peak: kind.notNegative,
		steps: kind.positive,
		rise: kind.partial,
		start: kind.notNegative,
		end: kind.notNegative,
	};
	const given = checkOptions("oneCycle", options, kinds, ["peak", "steps"]);
	const { peak, steps, rise = 0.3, start = 1 / 25, end = 1e-4 } = given;
	const top = rise * steps - 1;
	const fall = steps - 1 - top;
	checkArgument("oneCycle", "rise · steps − 1", top, kind.positive);
	checkArgument("oneCycle", "the number of steps down", fall, kind.positive);
	return schedule("oneCycle", (step) => {
		const up = halfCosine(peak * start, peak, div(step, top));
		const down = halfCosine(peak, peak * start * end, maximum(div(sub(step, top), fall), 0));
		return where(lessEqual(step, top), up, down);
	});
}
