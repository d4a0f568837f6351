import { asTensor, floating, type Unary } from "../../core/lift.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { elementwise } from "../../kinds/elementwise.ts";
import * as s from "../../scalar/index.ts";
import { hazardRest, normalQuantileOf, normalQuantileSlope } from "../../scalar/normal-quantile.ts";
import type { Scalar } from "../../scalar/scalar.ts";
import { mul, neg, square, sub } from "../arithmetic.ts";
import { normalCumulative } from "../bells.ts";
import { scale } from "../masks.ts";

// The normal distribution beside its density and Φ, which stand in `bells.ts`.

/**
 * Φ(x), the distribution function of the normal distribution, elementwise, to a few units in the
 * last place also where it is tiny.
 */
export function ndtr(x: TensorLike): Tensor {
	return normalCumulative(asTensor("ndtr", x));
}

/** log Φ(x), elementwise, to 4 units in the last place also where Φ(x) has vanished. */
export const logNdtr: Unary<"logNdtr"> = elementwise(1, {
	name: "logNdtr",
	formula: (x) => s.logNormalCumulative(x),
	partials: [(x) => normalHazard(x)],
	dtype: floating,
	latex: (x) => `\\log \\Phi(${x})`,
	print: (x) => `np.log(0.5 * erfc(-${x} / np.sqrt(2)))`,
});

/** φ(x) / Φ(x), the derivative of `logNdtr`, elementwise. Its own is −out·(out + x). */
export const normalHazard: Unary<"normalHazard"> = elementwise(1, {
	name: "normalHazard",
	formula: (x) => s.normalHazard(x),
	partials: [(x, out) => neg(scale(out, normalHazardRest(x)))],
	dtype: floating,
	latex: (x) => `\\frac{\\varphi(${x})}{\\Phi(${x})}`,
	print: (x) =>
		`np.exp(-0.5 * np.square(${x})) / np.sqrt(2 * np.pi) / (0.5 * erfc(-${x} / np.sqrt(2)))`,
	traits: { sign: () => "positive" },
});

/** φ(x) / Φ(x) + x, elementwise, with its digits where the two almost cancel. */
export const normalHazardRest: Unary<"normalHazardRest"> = elementwise(1, {
	name: "normalHazardRest",
	formula: (x) => hazardRest(x),
	partials: [(x, out) => sub(1, scale(normalHazard(x), out))],
	dtype: floating,
	latex: (x) => `\\frac{\\varphi(${x})}{\\Phi(${x})} + ${x}`,
	print: (x) =>
		`np.exp(-0.5 * np.square(${x})) / np.sqrt(2 * np.pi) / (0.5 * erfc(-${x} / np.sqrt(2))) + ${x}`,
	traits: { sign: () => "positive" },
});

/** What quantiles read of a p: p − ½, and the smaller of p and 1 − p. */
const ofShare = (p: Scalar) => [s.sub(p, 0.5), s.min(p, s.sub(1, p))] as const;

/**
 * The z with Φ(z) = p, elementwise: the quantile of the normal distribution, to 4 units in the last
 * place; −∞ at 0, ∞ at 1 and NaN beyond. (M. J. Wichura, "Algorithm AS 241", 1988.) The derivative
 * is 1/φ(z).
 */
export const ndtri: Unary<"ndtri"> = elementwise(1, {
	name: "ndtri",
	formula: (p) => normalQuantileOf(...ofShare(p)),
	partials: [(p) => ndtriSlope(p)],
	dtype: floating,
	domain: [{ min: 0.125, max: 0.875 }],
	latex: (p) => `\\Phi^{-1}(${p})`,
	print: (p) => `ndtri(${p})`,
	traits: { finite: () => false },
});

/** 1 / φ(z) with Φ(z) = p, the derivative of `ndtri`, elementwise. Its own is z·out². */
export const ndtriSlope: Unary<"ndtriSlope"> = elementwise(1, {
	name: "ndtriSlope",
	formula: (p) => normalQuantileSlope(...ofShare(p)),
	partials: [(p, out) => mul(ndtri(p), square(out))],
	dtype: floating,
	domain: [{ min: 0.125, max: 0.875 }],
	latex: (p) => `\\frac{1}{\\varphi(\\Phi^{-1}(${p}))}`,
	print: (p) => `np.sqrt(2 * np.pi) * np.exp(0.5 * np.square(ndtri(${p})))`,
	traits: { finite: () => false },
});

/** The same of x = 2p − 1. */
const ofErf = (x: Scalar) => [s.mul(0.5, x), s.mul(0.5, s.sub(1, s.abs(x)))] as const;

/**
 * The y with erf(y) = x, elementwise, to 4 units in the last place, also near 0; ±∞ at ±1 and NaN
 * beyond. The derivative is √π/2 · exp(y²).
 */
export const erfinv: Unary<"erfinv"> = elementwise(1, {
	name: "erfinv",
	formula: (x) => s.mul(Math.SQRT1_2, normalQuantileOf(...ofErf(x))),
	partials: [(x) => erfinvSlope(x)],
	dtype: floating,
	domain: [{ min: -0.75, max: 0.75 }],
	latex: (x) => `\\operatorname{erf}^{-1}(${x})`,
	print: (x) => `ndtri(0.5 + 0.5 * ${x}) / np.sqrt(2)`,
	traits: { mirror: "odd", finite: () => false },
});

/** √π/2 · exp(y²) with erf(y) = x, the derivative of `erfinv`, elementwise. Its own is 2·y·out². */
export const erfinvSlope: Unary<"erfinvSlope"> = elementwise(1, {
	name: "erfinvSlope",
	formula: (x) => s.mul(0.5 * Math.SQRT1_2, normalQuantileSlope(...ofErf(x))),
	partials: [(x, out) => mul(mul(2, erfinv(x)), square(out))],
	dtype: floating,
	domain: [{ min: -0.75, max: 0.75 }],
	latex: (x) => `\\frac{\\sqrt{\\pi}}{2} \\exp(\\operatorname{erf}^{-1}(${x})^{2})`,
	print: (x) => `0.5 * np.sqrt(np.pi) * np.exp(0.5 * np.square(ndtri(0.5 + 0.5 * ${x})))`,
	traits: { mirror: "even", finite: () => false },
});
