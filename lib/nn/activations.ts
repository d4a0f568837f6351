import { positive } from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { checkArgument } from "../core/options.ts";
import { add, clip, div, minimum, mul } from "../ops/arithmetic.ts";
import { greater, where } from "../ops/comparison.ts";
import { expm1, power, relu, sigmoid, softplus, tanh } from "../ops/exponential.ts";
import { type Placewise, placewise } from "./placewise.ts";

// Functions of a tensor, elementwise, that stand between layers. Those that are ops of the library
// are named here as well.
export { gelu } from "../ops/error-function.ts";
export { logSigmoid, relu, sigmoid, silu, softplus, tanh } from "../ops/exponential.ts";
export { softsign } from "../ops/slopes.ts";
export { logSoftmax, softmax } from "../ops/softmax.ts";

/**
 * x where it is positive, else slope·x; the derivative at 0 is the slope (A. L. Maas, A. Y. Hannun,
 * A. Y. Ng, 2013).
 */
export const leakyRelu: Placewise<[slope?: number]> = placewise(function leakyRelu(
	x,
	slope = 0.01,
) {
	return calledAs("leakyRelu", () => add(relu(x), mul(slope, minimum(x, 0))));
});

/**
 * x where it is positive, else α·(eˣ − 1) (D.-A. Clevert, T. Unterthiner, S. Hochreiter, 2016). The
 * derivative at 0 is α; for α = 1 it has no jump.
 */
export const elu: Placewise<[alpha?: number]> = placewise(function elu(x, alpha = 1) {
	// Where x is positive its exponential is not wanted, and may overflow.
	return calledAs("elu", () => where(greater(x, 0), x, mul(alpha, expm1(minimum(x, 0)))));
});

/**
 * x where it is positive, else α·(e^(x/α) − 1): an `elu` whose derivative has no jump, whatever α
 * (J. T. Barron, "Continuously differentiable exponential linear units", 2017).
 * @throws DomainError when α is not a number above 0
 */
export const celu: Placewise<[alpha?: number]> = placewise(function celu(x, alpha = 1) {
	checkArgument("celu", "α", alpha, positive);
	const below = () => mul(alpha, expm1(div(minimum(x, 0), alpha)));
	return calledAs("celu", () => where(greater(x, 0), x, below()));
});

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/**
 * `elu` with α and a scale that keep mean 0 and variance 1 through many layers (G. Klambauer and
 * others, "Self-normalizing neural networks", 2017). The derivative at 0 is that of the left side.
 */
export const selu: Placewise<[]> = placewise(function selu(x) {
	return calledAs("selu", () => mul(SELU_SCALE, elu(x, SELU_ALPHA)));
});

/**
 * x·tanh(softplus(x)) (D. Misra, "Mish: a self regularized non-monotonic activation function",
 * 2019).
 */
export const mish: Placewise<[]> = placewise(function mish(x) {
	return calledAs("mish", () => mul(x, tanh(softplus(x))));
});

/** x kept between −1 and 1; the derivative at −1 and at 1 is 1. */
export const hardTanh: Placewise<[]> = placewise(function hardTanh(x) {
	return calledAs("hardTanh", () => clip(x, -1, 1));
});

/**
 * (x + 3)/6, kept between 0 and 1: a `sigmoid` of straight lines; the derivative at −3 and at 3 is
 * 1/6.
 */
export const hardSigmoid: Placewise<[]> = placewise(function hardSigmoid(x) {
	return calledAs("hardSigmoid", () => clip(div(add(x, 3), 6), 0, 1));
});

/**
 * x·hardSigmoid(x); the derivative at −3 is −1/2, at 3 it is 3/2, that of the parabola (A. Howard
 * and others, "Searching for MobileNetV3", 2019).
 */
export const hardSwish: Placewise<[]> = placewise(function hardSwish(x) {
	return calledAs("hardSwish", () => mul(x, hardSigmoid(x)));
});

/** x kept between 0 and 6; the derivative at 0 and at 6 is 1. */
export const relu6: Placewise<[]> = placewise(function relu6(x) {
	return calledAs("relu6", () => clip(x, 0, 6));
});

/**
 * `gelu` in the form with tanh, as GPT-2 has it (D. Hendrycks and K. Gimpel, "Gaussian error linear
 * units", 2016): with u = √(2/π)·(x + 0.044715·x³) this is ½·x·(1 + tanh u), written as
 * x·sigmoid(2·u), because 1 + tanh u has no digits left where x is far below 0.
 */
export const geluTanh: Placewise<[]> = placewise(function geluTanh(x) {
	return calledAs("geluTanh", () => {
		// Beyond ±30 sigmoid is 0 or 1, and x³ might overflow.
		const near = clip(x, -30, 30);
		const u = mul(Math.sqrt(2 / Math.PI), add(near, mul(0.044715, power(near, 3))));
		return mul(x, sigmoid(mul(2, u)));
	});
});
