import { arange } from "../core/create.ts";
import { DomainError, ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { add, floor, mul, neg, square, sub } from "../ops/arithmetic.ts";
import { equal, greater, less, lessEqual, logicalOr, notEqual, where } from "../ops/comparison.ts";
import { exp } from "../ops/exponential.ts";
import { max } from "../ops/extremes.ts";
import { logSoftmax, softmax } from "../ops/softmax.ts";
import { betaln, lgamma } from "../ops/special/gamma.ts";
import { betainc, gammaincc } from "../ops/special/incomplete.ts";
import { xlogy } from "../ops/special/logarithms.ts";
import { binomial as drawBinomial, poisson as drawPoisson } from "../random/counts.ts";
import { bernoulli as drawBernoulli, categorical as drawCategorical } from "../random/discrete.ts";
import { sum } from "../structure/broadcasting.ts";
import { expandDims, permute, reshape } from "../structure/layout.ts";
import {
	type DistributionOfNumbers,
	lifted,
	ofNumbers,
	type Parameter,
	parameter,
	within,
} from "./distribution.ts";

// Distributions of whole numbers: samples are constant, so nothing goes back through them.

const SHARE = "a number from 0 to 1";

/** Where x is no whole number from 0 to `most`. */
function isNoCount(x: TensorLike, most = Number.POSITIVE_INFINITY): Tensor {
	return logicalOr(greater(x, floor(x)), logicalOr(less(x, 0), greater(x, most)));
}

/** −Σ p·log p along the first axis, of the logarithms of probabilities. */
function entropyOf(logs: Tensor): Tensor {
	const isNothing = equal(logs, Number.NEGATIVE_INFINITY);
	return neg(sum(where(isNothing, 0, mul(exp(logs), logs)), 0));
}

/**
 * The Poisson distribution, by its rate, which is its mean.
 * @throws DomainError by `entropy`, which has no closed form
 */
export function poisson(rate: Parameter): DistributionOfNumbers {
	const r = parameter("poisson", "the rate", rate, "a finite number above 0");
	return ofNumbers({
		kind: "poisson",
		parameters: { rate: r },
		logProb: (x) => within(isNoCount(x), sub(sub(xlogy(x, r), r), lgamma(add(x, 1)))),
		cdf: (x) => where(less(x, 0), 0, gammaincc(add(floor(x), 1), r)),
		sample: (key, shape) => drawPoisson(key, r, shape),
		mean: r,
		variance: r,
		entropy: () => {
			throw new DomainError("poisson: its entropy has no closed form");
		},
	});
}

/** How often of n times what has probability p happens. `cdf` is differentiable by p. */
export function binomial(n: number, p: Parameter): DistributionOfNumbers {
	if (!(Number.isInteger(n) && n >= 0)) {
		throw new DomainError(`binomial: expected n to be a whole number from 0, got ${String(n)}`);
	}
	const chance = parameter("binomial", "p", p, SHARE);
	const rest = sub(1, chance);
	const logProb = (x: TensorLike) => {
		const ways = neg(add(betaln(add(x, 1), sub(n + 1, x)), Math.log(n + 1)));
		const powers = add(xlogy(x, chance), xlogy(sub(n, x), rest));
		return within(isNoCount(x, n), add(ways, powers));
	};
	return ofNumbers({
		kind: "binomial",
		parameters: { n: parameter("binomial", "n", n, "a finite number", [p]), p: chance },
		logProb,
		cdf: (x) => {
			const k = floor(x);
			const isOut = logicalOr(less(k, 0), greater(k, n - 1));
			const at = where(isOut, 0, k);
			const share = betainc(sub(n, at), add(at, 1), rest);
			return where(less(k, 0), 0, where(greater(k, n - 1), 1, share));
		},
		sample: (key, shape) => drawBinomial(key, n, chance, shape),
		mean: mul(n, chance),
		variance: mul(n, mul(chance, rest)),
		entropy: () => {
			const counts = arange(n + 1);
			return entropyOf(logProb(reshape(counts, [n + 1, ...chance.shape.map(() => 1)])));
		},
	});
}

/** 1, or true, with probability p, and else 0. */
export function bernoulli(p: Parameter): DistributionOfNumbers {
	const chance = parameter("bernoulli", "p", p, SHARE);
	const rest = sub(1, chance);
	return ofNumbers({
		kind: "bernoulli",
		parameters: { p: chance },
		logProb: (x) => {
			const number = mul(1, x);
			return within(isNoCount(number, 1), add(xlogy(number, chance), xlogy(sub(1, number), rest)));
		},
		cdf: (x) => where(less(x, 0), 0, where(less(x, 1), rest, 1)),
		sample: (key, shape) => drawBernoulli(key, chance, shape),
		mean: chance,
		variance: mul(chance, rest),
		entropy: () => neg(add(xlogy(chance, chance), xlogy(rest, rest))),
	});
}

/**
 * The numbers 0 to n − 1 with probabilities softmax(logits) along the last axis, (…×n). A logit of
 * −∞ is a number that never comes.
 * @throws ShapeError for logits that are a scalar
 */
export function categorical(logits: Tensor): DistributionOfNumbers {
	const given = asTensor("categorical", logits);
	const n = given.shape.at(-1);
	if (n === undefined) throw new ShapeError("categorical: expected logits (…×n), got a scalar");
	const stated = { kind: "categorical", parameters: { logits: given } };
	const logs = logSoftmax(given, -1);
	const p = softmax(given, -1);
	const numbers = arange(n, { dtype: given.dtype });
	const mean = sum(mul(p, numbers), -1);
	// Of all logarithms the one at k, and −∞ for what is none of the numbers.
	const chosen = (k: TensorLike) => {
		const number = expandDims(mul(1, lifted(stated, k)), -1);
		const none = where(notEqual(number, number), Number.NaN, Number.NEGATIVE_INFINITY);
		return max(where(equal(number, numbers), logs, none), -1);
	};
	return Object.freeze({
		...stated,
		batchShape: given.shape.slice(0, -1),
		eventShape: [],
		logProb: chosen,
		cdf: (x: TensorLike) =>
			sum(where(lessEqual(numbers, expandDims(mul(1, lifted(stated, x)), -1)), p, 0), -1),
		sample: (key: Tensor, shape?: Shape) =>
			drawCategorical(key, given, { ...(shape && { shape }) }),
		mean,
		variance: sum(mul(p, square(sub(numbers, expandDims(mean, -1)))), -1),
		entropy: () => entropyOf(moveLastToFront(logs)),
	});
}

/** The last axis as the first one. */
function moveLastToFront(x: Tensor): Tensor {
	return permute(x, [x.rank - 1, ...x.shape.slice(1).map((_, i) => i)]);
}
