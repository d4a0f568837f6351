import { calledAs } from "../core/called-as.ts";
import { DomainError } from "../core/error.ts";
import { asTensor, floating } from "../core/lift.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, mul, neg, sub } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { less, where } from "../ops/comparison.ts";
import { exp, sigmoid } from "../ops/exponential.ts";
import { digamma } from "../ops/special/gamma.ts";
import { gammaDensity, gammaincSlope } from "../ops/special/incomplete-slopes.ts";
import { checkKey, tuple } from "./arguments.ts";
import { checkBroadcast } from "./broadcast.ts";
import type { FloatParams } from "./continuous.ts";
import { randomOp } from "./draws.ts";
import { split } from "./keys.ts";
import { normalQuantile, portableLog } from "./normal-quantile.ts";
import { uniformsFor } from "./threefry.ts";

/** log(1 + u) of u > −1 */
const logOf = (u: number) => portableLog(1 + u);

/**
 * The logarithm of a number of the gamma distribution, by rejection (G. Marsaglia and W. W. Tsang,
 * "A simple method for generating gamma variables", ACM TOMS 26, 2000); of a shape below 1 by that
 * of a + 1, times U^(1/a).
 */
function logGammaOf(a: number, uniform: () => number): number {
	if (!(a > 0 && a < Number.POSITIVE_INFINITY)) {
		throw new DomainError(`gamma: expected a finite shape above 0, got ${a}`);
	}
	const isBoosted = a < 1;
	const d = (isBoosted ? a + 1 : a) - 1 / 3;
	const c = 1 / Math.sqrt(9 * d);
	for (;;) {
		const z = normalQuantile(uniform());
		if (c * z <= -1) continue;
		const log = 3 * logOf(c * z);
		const v = (1 + c * z) ** 3;
		if (portableLog(uniform()) >= 0.5 * z * z + d - d * v + d * log) continue;
		return portableLog(d) + log + (isBoosted ? portableLog(uniform()) / a : 0);
	}
}

/** Below this a sample is so small that the density is a power of it. */
const TINY_LOG = -30;

/** The derivative by a of the logarithm y of a sample: −∂P/∂a / (x·density). */
function implicitSlope(a: Tensor, y: Tensor): Tensor {
	const isTiny = less(y, TINY_LOG);
	// P is near xᵃ / Γ(a + 1), so that a·∂y/∂a = ψ(a + 1) − y.
	const tiny = div(sub(digamma(add(a, 1)), y), a);
	const x = exp(where(isTiny, 0, y));
	const ratio = neg(div(gammaincSlope(a, x, 1), mul(x, gammaDensity(a, x))));
	return where(isTiny, tiny, ratio);
}

/**
 * Logarithms of numbers of the gamma distribution with shape `a` and scale 1, which are right also
 * where the numbers themselves, of a small shape, would be 0. `a` broadcasts to the shape; left
 * out, it is that of a. Differentiable by a, by the implicit function theorem through the
 * distribution function (M. Figurnov, S. Mohamed and A. Mnih, "Implicit reparameterization
 * gradients", NeurIPS 2018).
 * @throws DomainError when a is not finite and above 0
 * @throws ShapeError when a does not broadcast to the shape
 */
export const logGamma: OpFunction<
	"logGamma",
	(key: Tensor, a: Tensor | number, shape?: Shape) => Tensor
> = defineOp(
	randomOp<"logGamma", FloatParams>({
		name: "logGamma",
		dtype: ({ dtype }) => dtype,
		fill: (out, key0, key1, _, [a]) => {
			for (let i = 0; i < out.length; i++) out[i] = logGammaOf(a![i]!, uniformsFor(key0, key1, i));
		},
		differential: (i, [, a], out) => (i === 1 ? implicitSlope(a!, out) : null),
		print: (rng, { shape }, [a]) => `np.log(${rng}.gamma(${a}, size=${tuple(shape)}))`,
		jax: (key, { shape, dtype }, [a]) => `log_gamma(${key}, ${a}, ${tuple(shape)}, "${dtype}")`,
		sample: (draw) => {
			const shape = draw.shape();
			return {
				params: { shape, dtype: "float64" },
				rest: [draw.tensor(shape, { min: 0.5, max: 4 })],
			};
		},
	}),
	(key: Tensor, a: Tensor | number, shape?: Shape): Tensor => {
		const given = asTensor("logGamma", a);
		const dtype = floating.result(given.dtype);
		const [wide] = checkBroadcast("logGamma", { a: astype(given, dtype) }, shape);
		return apply(logGamma.op, [checkKey("logGamma", key), wide!], { shape: wide!.shape, dtype });
	},
);

/**
 * Numbers of the gamma distribution with shape `a` and scale 1, e to the power of what `logGamma`
 * draws: with its derivative and its errors.
 */
export function gamma(key: Tensor, a: Tensor | number, shape?: Shape): Tensor {
	return calledAs("gamma", () => exp(logGamma(key, a, shape)));
}

/**
 * Numbers of the beta distribution: x / (x + y) of numbers x and y of gamma distributions with
 * shapes `a` and `b`, from their logarithms, and so differentiable by both.
 * @throws DomainError when a or b is not finite and above 0
 * @throws ShapeError when a and b do not broadcast to the shape
 */
export function beta(key: Tensor, a: Tensor | number, b: Tensor | number, shape?: Shape): Tensor {
	const parameters = { a: asTensor("beta", a), b: asTensor("beta", b) };
	const [x, y] = checkBroadcast("beta", parameters, shape);
	const [first, second] = split(checkKey("beta", key));
	return sigmoid(sub(logGamma(first, x!), logGamma(second, y!)));
}
