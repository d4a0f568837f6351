import { DomainError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { lgammaOf } from "../kernels/incomplete-gamma.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { checkKey, tuple } from "./arguments.ts";
import { checkBroadcast } from "./broadcast.ts";
import { type DrawParams, randomOp } from "./draws.ts";
import { uniformsFor } from "./threefry.ts";

// Counts by rejection where their mean is 10 or more (W. Hörmann, "The transformed rejection method
// for generating Poisson random variables", 1993, and "The generation of binomial random variates",
// 1993), else by going through the probabilities from 0 on.

/** The first k whose distribution function reaches u, of probabilities each from the one before. */
function inverted(u: number, first: number, next: (p: number, k: number) => number): number {
	let [k, p, rest] = [0, first, u];
	while (rest > p && p > 0) {
		rest -= p;
		k++;
		p = next(p, k);
	}
	return k;
}

const logFactorial = (k: number) => lgammaOf(k + 1);

function poissonOf(rate: number, uniform: () => number): number {
	if (rate < 10) return inverted(uniform(), Math.exp(-rate), (p, k) => (p * rate) / k);
	const root = Math.sqrt(rate);
	const b = 0.931 + 2.53 * root;
	const a = -0.059 + 0.02483 * b;
	const log = Math.log(rate);
	for (;;) {
		const u = uniform() - 0.5;
		const v = uniform();
		const far = 0.5 - Math.abs(u);
		const k = Math.floor(((2 * a) / far + b) * u + rate + 0.43);
		if (far >= 0.07 && v <= 0.9277 - 3.6224 / (b - 2)) return k;
		if (k < 0 || (far < 0.013 && v > far)) continue;
		const scale = 1.1239 + 1.1328 / (b - 3.4);
		const height = Math.log((v * scale) / (a / (far * far) + b));
		if (height <= k * log - rate - logFactorial(k)) return k;
	}
}

/** For p ≤ ½. */
function binomialOf(n: number, p: number, uniform: () => number): number {
	const odds = p / (1 - p);
	if (n * p < 10) {
		const first = Math.exp(n * Math.log1p(-p));
		return Math.min(
			n,
			inverted(uniform(), first, (q, k) => (q * (n - k + 1) * odds) / k),
		);
	}
	const deviation = Math.sqrt(n * p * (1 - p));
	const b = 1.15 + 2.53 * deviation;
	const a = -0.0873 + 0.0248 * b + 0.01 * p;
	const alpha = (2.83 + 5.1 / b) * deviation;
	const mode = Math.floor((n + 1) * p);
	const top = logFactorial(mode) + logFactorial(n - mode);
	for (;;) {
		const u = uniform() - 0.5;
		const v = uniform();
		const far = 0.5 - Math.abs(u);
		const k = Math.floor(((2 * a) / far + b) * u + n * p + 0.5);
		if (far >= 0.07 && v <= 0.92 - 4.2 / b) return k;
		if (k < 0 || k > n) continue;
		const height = Math.log((v * alpha) / (a / (far * far) + b));
		const log = top - logFactorial(k) - logFactorial(n - k) + (k - mode) * Math.log(odds);
		if (height <= log) return k;
	}
}

/** So much that a count is an int32 for certain. */
const MOST = 2e9;

/**
 * Counts of the Poisson distribution, int32, with a rate that broadcasts to the shape; left out, it
 * is that of the rate. Constant: no gradient.
 * @throws DomainError when a rate is not from 0 to 2e9
 * @throws ShapeError when it does not broadcast to the shape
 */
export const poisson: OpFunction<
	"poisson",
	(key: Tensor, rate: Tensor | number, shape?: Shape) => Tensor
> = defineOp(
	randomOp<"poisson", DrawParams>({
		name: "poisson",
		dtype: () => "int32",
		fill: (out, key0, key1, _, [rates]) => {
			for (let i = 0; i < out.length; i++) {
				const rate = rates![i]!;
				if (!(rate >= 0 && rate <= MOST)) {
					throw new DomainError(`poisson: expected a rate from 0 to ${MOST}, got ${rate}`);
				}
				out[i] = poissonOf(rate, uniformsFor(key0, key1, i));
			}
		},
		print: (rng, { shape }, [rate]) => `${rng}.poisson(${rate}, ${tuple(shape)})`,
		jax: (key, { shape }, [rate]) => `poisson(${key}, ${rate}, ${tuple(shape)})`,
		sample: (draw) => {
			const shape = draw.shape();
			return { params: { shape }, rest: [draw.tensor(shape, { min: 0, max: 30 })] };
		},
	}),
	(key: Tensor, rate: Tensor | number, shape?: Shape): Tensor => {
		const [rates] = checkBroadcast("poisson", { rate: asTensor("poisson", rate) }, shape);
		const inputs = [checkKey("poisson", key), rates!];
		return apply(poisson.op, inputs, { shape: rates!.shape });
	},
);

/**
 * How often of n times what has probability p happens, int32; n and p broadcast to the shape; left
 * out, it is that to which they broadcast. Constant: no gradient.
 * @throws DomainError when n is not a whole number from 0 to 2e9, or p not from 0 to 1
 * @throws ShapeError when they do not broadcast to the shape
 */
export const binomial: OpFunction<
	"binomial",
	(key: Tensor, n: Tensor | number, p: Tensor | number, shape?: Shape) => Tensor
> = defineOp(
	randomOp<"binomial", DrawParams>({
		name: "binomial",
		dtype: () => "int32",
		fill: (out, key0, key1, _, [counts, chances]) => {
			for (let i = 0; i < out.length; i++) {
				const [n, p] = [counts![i]!, chances![i]!];
				if (!(Number.isInteger(n) && n >= 0 && n <= MOST && p >= 0 && p <= 1)) {
					throw new DomainError(
						`binomial: expected a whole n from 0 to ${MOST} and p from 0 to 1, got ${n} and ${p}`,
					);
				}
				const uniform = uniformsFor(key0, key1, i);
				out[i] = p <= 0.5 ? binomialOf(n, p, uniform) : n - binomialOf(n, 1 - p, uniform);
			}
		},
		print: (rng, { shape }, [n, p]) => `${rng}.binomial(${n}, ${p}, ${tuple(shape)})`,
		jax: (key, { shape }, [n, p]) => `binomial(${key}, ${n}, ${p}, ${tuple(shape)})`,
		sample: (draw) => {
			const shape = draw.shape();
			const n = draw.integer(0, 40);
			return {
				params: { shape },
				rest: [broadcastTo(asTensor("binomial", n), shape), draw.tensor(shape, { min: 0, max: 1 })],
			};
		},
	}),
	(key: Tensor, n: Tensor | number, p: Tensor | number, shape?: Shape): Tensor => {
		const given = { n: asTensor("binomial", n), p: asTensor("binomial", p) };
		const parameters = checkBroadcast("binomial", given, shape);
		const inputs = [checkKey("binomial", key), ...parameters];
		return apply(binomial.op, inputs, { shape: parameters[0]!.shape });
	},
);
