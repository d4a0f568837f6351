import { floating } from "../core/lift.ts";
import type { TensorLike } from "../core/tensor.ts";
import { add, clip, div, maximum, mul, neg, square, sub } from "../ops/arithmetic.ts";
import { greater, less, lessEqual, logicalOr, where } from "../ops/comparison.ts";
import { exp, expm1, log } from "../ops/exponential.ts";
import { betaln, digamma, lgamma } from "../ops/special/gamma.ts";
import { betainc, gammainc } from "../ops/special/incomplete.ts";
import { xlogy } from "../ops/special/logarithms.ts";
import { uniform as drawUniform } from "../random/continuous.ts";
import { beta as drawBeta, gamma as drawGamma } from "../random/gamma.ts";
import { exponential as drawExponential } from "../random/transformed.ts";
import {
	type DistributionOfNumbers,
	ofNumbers,
	type Parameter,
	parameter,
	within,
} from "./distribution.ts";
import { normal } from "./real.ts";

// Distributions of numbers above 0 or between two ends.

const ABOVE_0 = "a finite number above 0";

/** The distribution of eˣ where x is normal, by the mean and the standard deviation of x. */
export function logNormal(mean: Parameter = 0, std: Parameter = 1): DistributionOfNumbers {
	const m = parameter("logNormal", "mean", mean, "a finite number", [std]);
	const s = parameter("logNormal", "std", std, ABOVE_0, [mean]);
	const of = normal(m, s);
	const spread = square(s);
	return ofNumbers({
		kind: "logNormal",
		parameters: { mean: m, std: s },
		logProb: (x) => within(lessEqual(x, 0), sub(of.logProb(log(x)), log(x))),
		cdf: (x) => where(lessEqual(x, 0), 0, of.cdf(log(x))),
		sample: (key, shape) => exp(of.sample(key, shape)),
		mean: exp(add(m, mul(0.5, spread))),
		variance: mul(expm1(spread), exp(add(mul(2, m), spread))),
		entropy: () => add(of.entropy(), m),
	});
}

/** The uniform distribution from `low` to `high`. */
export function uniform(low: Parameter = 0, high: Parameter = 1): DistributionOfNumbers {
	const a = parameter("uniform", "low", low, "a finite number", [high]);
	const b = parameter("uniform", "high", high, "a finite number", [low]);
	const width = sub(b, a);
	return ofNumbers({
		kind: "uniform",
		parameters: { low: a, high: b },
		logProb: (x) => {
			const nothing = mul(0, sub(x, a));
			return within(logicalOr(less(x, a), greater(x, b)), sub(nothing, log(width)));
		},
		cdf: (x) => clip(div(sub(x, a), width), 0, 1),
		sample: (key, shape = width.shape) =>
			add(a, mul(width, drawUniform(key, shape, { dtype: floating.result(width.dtype) }))),
		mean: mul(0.5, add(a, b)),
		variance: div(square(width), 12),
		entropy: () => log(width),
	});
}

/** The exponential distribution, by its rate: the mean is 1/rate. */
export function exponential(rate: Parameter = 1): DistributionOfNumbers {
	const r = parameter("exponential", "the rate", rate, ABOVE_0);
	return ofNumbers({
		kind: "exponential",
		parameters: { rate: r },
		logProb: (x) => within(less(x, 0), sub(log(r), mul(r, x))),
		cdf: (x) => neg(expm1(neg(mul(r, maximum(x, 0))))),
		sample: (key, shape = r.shape) =>
			div(drawExponential(key, shape, { dtype: floating.result(r.dtype) }), r),
		mean: div(1, r),
		variance: div(1, square(r)),
		entropy: () => sub(1, log(r)),
	});
}

/** The gamma distribution, by its shape and its rate: the mean is shape/rate. */
export function gamma(shape: Parameter, rate: Parameter = 1): DistributionOfNumbers {
	const a = parameter("gamma", "the shape", shape, ABOVE_0, [rate]);
	const b = parameter("gamma", "the rate", rate, ABOVE_0, [shape]);
	const mean = div(a, b);
	return ofNumbers({
		kind: "gamma",
		parameters: { shape: a, rate: b },
		logProb: (x) => {
			const density = sub(xlogy(sub(a, 1), mul(b, x)), mul(b, x));
			return within(less(x, 0), add(density, sub(log(b), lgamma(a))));
		},
		cdf: (x) => gammainc(a, mul(b, maximum(x, 0))),
		sample: (key, to = mean.shape) => div(drawGamma(key, a, to), b),
		mean,
		variance: div(mean, b),
		entropy: () => {
			const rest = mul(sub(1, a), digamma(a));
			return add(sub(a, log(b)), add(lgamma(a), rest));
		},
	});
}

/** The beta distribution on [0, 1]. `cdf` has no derivative by the parameters. */
export function beta(a: Parameter, b: Parameter): DistributionOfNumbers {
	const p = parameter("beta", "a", a, ABOVE_0, [b]);
	const q = parameter("beta", "b", b, ABOVE_0, [a]);
	const sum = add(p, q);
	const mean = div(p, sum);
	return ofNumbers({
		kind: "beta",
		parameters: { a: p, b: q },
		logProb: (x: TensorLike) => {
			const powers = add(xlogy(sub(p, 1), x), xlogy(sub(q, 1), sub(1, x)));
			return within(logicalOr(less(x, 0), greater(x, 1)), sub(powers, betaln(p, q)));
		},
		cdf: (x) => betainc(p, q, clip(x, 0, 1)),
		sample: (key, shape = sum.shape) => drawBeta(key, p, q, shape),
		mean,
		variance: div(mul(mean, div(q, sum)), add(sum, 1)),
		entropy: () => {
			const parts = add(mul(sub(p, 1), digamma(p)), mul(sub(q, 1), digamma(q)));
			return add(sub(betaln(p, q), parts), mul(sub(sum, 2), digamma(sum)));
		},
	});
}
