import * as kind from "../core/argument-kinds.ts";
import { tensor } from "../core/create.ts";
import { commonDType, isFloat } from "../core/dtype.ts";
import { DTypeError, ShapeError } from "../core/error.ts";
import { checkArgument, type OptionKinds } from "../core/options.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { abs, add, clip, div, mul, neg, square, sub } from "../ops/arithmetic.ts";
import { equal, where } from "../ops/comparison.ts";
import { log, relu, softplus } from "../ops/exponential.ts";
import { expRest } from "../ops/exponential-rest.ts";
import { oneHot } from "../ops/gathering.ts";
import { scale } from "../ops/masks.ts";
import { norm } from "../ops/reductions.ts";
import { logSoftmax } from "../ops/softmax.ts";
import { broadcastTo, sum } from "../structure/broadcasting.ts";
import {
	checkMask,
	LOSS_OPTIONS,
	type LossOptions,
	likePrediction,
	loss,
	REDUCTION,
} from "./loss.ts";

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
	reduction: REDUCTION,
	mask: kind.aTensor,
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

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends LossOptions {
	/** The share of probability that is spread evenly over all classes; left out: 0. */
	readonly labelSmoothing?: number;
}

const CROSS_ENTROPY_OPTIONS: OptionKinds<CrossEntropyOptions> = {
	reduction: REDUCTION,
	mask: kind.aTensor,
	labelSmoothing: kind.share,
};

/**
 * −Σ p·log softmax(logits) along the last axis, of each sample: logits (…×classes) with labels,
 * which are either the numbers of the classes, int32 (…), or probabilities p (…×classes). Stable
 * for logits of any size; a class of probability 0 counts for nothing, even where its logit is −∞.
 * With smoothing ε, p becomes (1 − ε)·p + ε/classes. Labels that the mask leaves out may be any
 * number: `{ mask: labels.notEqual(-100) }` where −100 stands for padding.
 * @throws ShapeError when the labels are of neither shape
 * @throws DomainError for a label that counts and is not from 0 to classes − 1
 */
export function crossEntropy(
	logits: Tensor,
	labels: Tensor,
	options: CrossEntropyOptions = {},
): Tensor {
	return loss("crossEntropy", options, CROSS_ENTROPY_OPTIONS, () => {
		const { labelSmoothing = 0 } = options;
		const p = probabilities(logits, labels, options.mask);
		const smooth =
			labelSmoothing === 0
				? p
				: add(mul(1 - labelSmoothing, p), labelSmoothing / logits.shape.at(-1)!);
		// `scale` is the product in which a p of exactly 0 absorbs an infinite logarithm.
		return neg(sum(scale(smooth, logSoftmax(logits)), -1));
	});
}

/** Labels as probabilities in the shape of the logits; what a mask leaves out may be any number. */
function probabilities(logits: Tensor, labels: Tensor, mask?: Tensor): Tensor {
	checkArgument("loss", "the logits", logits, kind.aTensor);
	checkArgument("loss", "the labels", labels, kind.aTensor);
	const classes = logits.shape.at(-1);
	if (classes === undefined)
		throw new ShapeError(`loss: expected logits (…×classes), got a scalar`);
	if (isFloat(labels.dtype)) {
		commonDType("loss", logits.dtype, labels.dtype);
		if (sameShape(labels.shape, logits.shape)) return labels;
	} else if (labels.dtype !== "int32") {
		throw new DTypeError(
			`loss: expected labels that are int32 classes or float probabilities, got ${labels.dtype}`,
		);
	} else if (sameShape(labels.shape, logits.shape.slice(0, -1))) {
		if (mask !== undefined) checkMask(mask, labels.shape);
		const counted = mask === undefined ? labels : where(broadcastTo(mask, labels.shape), labels, 0);
		return oneHot(counted, classes, { dtype: logits.dtype });
	}
	throw new ShapeError(
		`loss: expected labels of classes, int32 ${showShape(logits.shape.slice(0, -1))}, or probabilities, ` +
			`${logits.dtype} ${showShape(logits.shape)}, got ${labels.dtype} ${showShape(labels.shape)}`,
	);
}

/**
 * −p·log σ(x) − (1 − p)·log(1 − σ(x)) for each logit x, σ being the logistic function, and p the
 * probability of "yes": 0 or 1, as a number of any dtype, or between. Stable for logits of any
 * size.
 * @throws ShapeError when logits and labels differ in shape (a scalar label fits all)
 */
export function binaryCrossEntropy(
	logits: Tensor,
	labels: TensorLike,
	options: LossOptions = {},
): Tensor {
	return loss("binaryCrossEntropy", options, LOSS_OPTIONS, () => {
		const p = likePrediction(logits, labels);
		const yes = scale(p, softplus(neg(logits)));
		const no = scale(sub(1, p), softplus(logits));
		return add(yes, no);
	});
}

/**
 * Σ p·(log p − log softmax(logits)) along the last axis, of each sample: how far the predicted
 * distribution lies from p, in nats. A p of 0 counts for nothing.
 * @throws ShapeError when p and logits differ in shape
 */
export function klDivergence(logits: Tensor, p: Tensor, options: LossOptions = {}): Tensor {
	return loss("klDivergence", options, LOSS_OPTIONS, () => {
		const q = likePrediction(logits, p);
		const logP = log(where(equal(q, 0), 1, q));
		return sum(scale(q, sub(logP, logSoftmax(logits))), -1);
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

/**
 * 1 − the cosine of the angle between two vectors along the last axis, of each sample. The cosine
 * with a vector of zeros is taken to be 0, and so is its derivative.
 * @throws ShapeError when prediction and target differ in shape
 */
export function cosineDistance(
	prediction: Tensor,
	target: Tensor,
	options: LossOptions = {},
): Tensor {
	return loss("cosineDistance", options, LOSS_OPTIONS, () => {
		const y = likePrediction(prediction, target);
		return sub(1, sum(mul(unit(prediction), unit(y)), -1));
	});
}

/** x / |x| along the last axis. Where x is zeros, |x| counts as ∞: so this and its slope are 0. */
function unit(x: Tensor): Tensor {
	const length = norm(x, -1, { keepDims: true });
	const infinite = tensor(Number.POSITIVE_INFINITY, { dtype: length.dtype });
	return div(x, add(length, where(equal(length, 0), infinite, 0)));
}
