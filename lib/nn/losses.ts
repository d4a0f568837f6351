import * as kind from "../core/argument-kinds.ts";
import type { OptionKinds } from "../core/options.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { abs, add, clip, mul, neg, square, sub } from "../ops/arithmetic.ts";
import { less, where } from "../ops/comparison.ts";
import { exp, log1p, relu, tanh } from "../ops/exponential.ts";
import { expRest } from "../ops/exponential-rest.ts";
import { LOSS_OPTIONS, type LossOptions, likePrediction, loss } from "./loss.ts";

/**
 * (prediction − target)², of each element. With `{ reduction: "sum" }` this is `np.square(y_pred -
 * y).sum()`.
 * @throws ShapeError when prediction and target differ in shape (a scalar target fits all)
 */
export function squaredError(
	prediction: Tensor,
	target: TensorLike,
	options: LossOptions = {},
): Tensor {
	return loss("squaredError", options, LOSS_OPTIONS, () =>
		square(sub(prediction, likePrediction(prediction, target))),
	);
}

/**
 * |prediction − target|, of each element. The derivative where they agree is 0.
 * @throws ShapeError when prediction and target differ in shape (a scalar target fits all)
 */
export function absoluteError(
	prediction: Tensor,
	target: TensorLike,
	options: LossOptions = {},
): Tensor {
	return loss("absoluteError", options, LOSS_OPTIONS, () =>
		abs(sub(prediction, likePrediction(prediction, target))),
	);
}

/** Options of `huberLoss`. */
export interface HuberOptions extends LossOptions {
	/** Where the parabola goes over into a line; left out: 1. */
	readonly delta?: number;
}

const HUBER_OPTIONS: OptionKinds<HuberOptions> = {
	...LOSS_OPTIONS,
	delta: kind.positive,
};

/**
 * Of each difference r = prediction − target: r²/2 where |r| ≤ δ, δ·(|r| − δ/2) beyond (P. J.
 * Huber, "Robust estimation of a location parameter", 1964).
 * @throws ShapeError when prediction and target differ in shape (a scalar target fits all)
 */
export function huberLoss(
	prediction: Tensor,
	target: TensorLike,
	options: HuberOptions = {},
): Tensor {
	return loss("huberLoss", options, HUBER_OPTIONS, () => {
		const { delta = 1 } = options;
		const r = sub(prediction, likePrediction(prediction, target));
		// With c = r clipped to [−δ, δ], both pieces are c·(r − c/2).
		const c = clip(r, -delta, delta);
		return mul(c, sub(r, mul(0.5, c)));
	});
}

/**
 * log cosh r of each difference r = prediction − target: near r²/2 where r is small, and near
 * |r| − log 2 where it is great. The derivative is tanh r.
 * @throws ShapeError when prediction and target differ in shape (a scalar target fits all)
 */
export function logCosh(prediction: Tensor, target: TensorLike, options: LossOptions = {}): Tensor {
	return loss("logCosh", options, LOSS_OPTIONS, () => {
		const r = sub(prediction, likePrediction(prediction, target));
		const size = abs(r);
		// Each keeps its digits where it is taken: cosh² = 1 / (1 − tanh²).
		const near = mul(-0.5, log1p(neg(square(tanh(r)))));
		const far = add(sub(size, Math.LN2), log1p(exp(mul(-2, size))));
		return where(less(size, 1), near, far);
	});
}

/**
 * The Kullback–Leibler divergence of a normal distribution with this mean and log variance s from
 * the standard one, of each element: (mean² + eˢ − 1 − s) / 2. What a variational autoencoder adds
 * to its loss (D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", 2014, appendix B).
 */
export function klToStandardNormal(
	mean: Tensor,
	logVariance: Tensor,
	options: LossOptions = {},
): Tensor {
	return loss("klToStandardNormal", options, LOSS_OPTIONS, () => {
		return mul(0.5, add(square(mean), expRest(logVariance)));
	});
}

/**
 * max(0, 1 − label·prediction), of each element, with labels −1 and 1. The derivative at the kink
 * is 0.
 * @throws ShapeError when prediction and labels differ in shape (a scalar label fits all)
 */
export function hingeLoss(
	prediction: Tensor,
	labels: TensorLike,
	options: LossOptions = {},
): Tensor {
	return loss("hingeLoss", options, LOSS_OPTIONS, () =>
		relu(sub(1, mul(likePrediction(prediction, labels), prediction))),
	);
}
