import type { DType } from "../core/dtype.ts";
import { floating } from "../core/lift.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { abs, add, div, mul, neg, sqrt, square, sub } from "../ops/arithmetic.ts";
import { greater, less, where } from "../ops/comparison.ts";
import { exp, log, log1p } from "../ops/exponential.ts";
import { betaln, digamma } from "../ops/special/gamma.ts";
import { betainc } from "../ops/special/incomplete.ts";
import { ndtr } from "../ops/special/normal.ts";
import { atan, tan } from "../ops/trigonometric.ts";
import { normal as drawNormal, uniform as drawUniform } from "../random/continuous.ts";
import { gamma as drawGamma } from "../random/gamma.ts";
import { split } from "../random/keys.ts";
import { laplace as drawLaplace } from "../random/transformed.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import {
	type DistributionOfNumbers,
	ofNumbers,
	type Parameter,
	parameter,
} from "./distribution.ts";

// Distributions of all real numbers, moved by a place and stretched by a scale.

const ABOVE_0 = "a finite number above 0";
const LOG_ROOT = 0.5 * Math.log(2 * Math.PI);

/** What is stated of a distribution whose place is 0 and whose scale is 1, at z. */
interface Standard {
	readonly logProb: (z: Tensor) => Tensor;
	readonly cdf: (z: Tensor) => Tensor;
	readonly sample: (key: Tensor, shape: Shape, dtype: DType) => Tensor;
	readonly mean: Parameter;
	readonly variance: Parameter;
	readonly entropy: () => Parameter;
}

function moved(
	kind: string,
	[place, scale]: readonly [string, string],
	[at, by]: readonly [Parameter, Parameter],
	standard: Standard,
	more: Readonly<Record<string, Tensor>> = {},
): DistributionOfNumbers {
	const m = parameter(kind, place, at, "a finite number", [by, ...Object.values(more)]);
	const s = parameter(kind, scale, by, ABOVE_0, [at, ...Object.values(more)]);
	const z = (x: TensorLike) => div(sub(x, m), s);
	const parameters = { [place]: m, [scale]: s, ...more };
	const all = Object.values(parameters);
	const { shape, dtype } = all.reduce((x, y) => add(x, y));
	const { sample, mean, variance, entropy } = standard;
	return ofNumbers({
		kind,
		parameters,
		logProb: (x) => sub(standard.logProb(z(x)), log(s)),
		cdf: (x) => standard.cdf(z(x)),
		sample: (key, to = shape) => add(m, mul(s, sample(key, to, floating.result(dtype)))),
		mean: broadcastTo(add(m, mean), shape),
		variance: broadcastTo(mul(square(s), variance), shape),
		entropy: () => broadcastTo(add(log(s), entropy()), shape),
	});
}

/** The normal distribution, by its mean and its standard deviation. */
export function normal(mean: Parameter = 0, std: Parameter = 1): DistributionOfNumbers {
	return moved("normal", ["mean", "std"], [mean, std], {
		logProb: (z) => sub(mul(-0.5, square(z)), LOG_ROOT),
		cdf: ndtr,
		sample: (key, shape, dtype) => drawNormal(key, shape, { dtype }),
		mean: 0,
		variance: 1,
		entropy: () => 0.5 + LOG_ROOT,
	});
}

/** The distribution of Laplace: exponential to both sides of its place. */
export function laplace(loc: Parameter = 0, scale: Parameter = 1): DistributionOfNumbers {
	return moved("laplace", ["loc", "scale"], [loc, scale], {
		logProb: (z) => sub(neg(abs(z)), Math.LN2),
		cdf: (z) => {
			const tail = mul(0.5, exp(neg(abs(z))));
			return where(less(z, 0), tail, sub(1, tail));
		},
		sample: (key, shape, dtype) => drawLaplace(key, shape, { dtype }),
		mean: 0,
		variance: 2,
		entropy: () => 1 + Math.LN2,
	});
}

/** The distribution of Cauchy, which has no mean and no variance: both are NaN. */
export function cauchy(loc: Parameter = 0, scale: Parameter = 1): DistributionOfNumbers {
	return moved("cauchy", ["loc", "scale"], [loc, scale], {
		logProb: (z) => neg(add(log1p(square(z)), Math.log(Math.PI))),
		cdf: (z) => add(0.5, div(atan(z), Math.PI)),
		sample: (key, shape, dtype) => tan(mul(Math.PI, sub(drawUniform(key, shape, { dtype }), 0.5))),
		mean: Number.NaN,
		variance: Number.NaN,
		entropy: () => Math.log(4 * Math.PI),
	});
}

/**
 * Student's t distribution, by its degrees of freedom, its place and its scale. The mean is NaN for
 * up to 1 degree, the variance ∞ for up to 2 and NaN for up to 1. `cdf` has no derivative by the
 * degrees of freedom.
 */
export function studentT(
	df: Parameter,
	loc: Parameter = 0,
	scale: Parameter = 1,
): DistributionOfNumbers {
	const v = parameter("studentT", "df", df, ABOVE_0, [loc, scale]);
	const half = mul(0.5, v);
	const beyond = where(greater(v, 1), div(v, 0), Number.NaN);
	const standard: Standard = {
		logProb: (z) => {
			const tail = mul(add(half, 0.5), log1p(div(square(z), v)));
			return neg(add(add(betaln(0.5, half), mul(0.5, log(v))), tail));
		},
		cdf: (z) => {
			const tail = mul(0.5, betainc(half, 0.5, div(v, add(v, square(z)))));
			return where(less(z, 0), tail, sub(1, tail));
		},
		sample: (key, shape, dtype) => {
			const [first, second] = split(key);
			return div(
				drawNormal(first, shape, { dtype }),
				sqrt(div(drawGamma(second, half, shape), half)),
			);
		},
		mean: where(greater(v, 1), mul(0, v), Number.NaN),
		variance: where(greater(v, 2), div(v, sub(v, 2)), beyond),
		entropy: () => {
			const above = add(half, 0.5);
			const spread = mul(above, sub(digamma(above), digamma(half)));
			return add(spread, add(mul(0.5, log(v)), betaln(half, 0.5)));
		},
	};
	return moved("studentT", ["loc", "scale"], [loc, scale], standard, { df: v });
}
