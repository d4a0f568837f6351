import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { commonDType, isFloat } from "../core/dtype.ts";
import { DTypeError, ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../core/options.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { abs, add, clip, div, mul, neg, square, sub } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { equal, where } from "../ops/comparison.ts";
import { direction } from "../ops/direction.ts";
import { log, relu, softplus } from "../ops/exponential.ts";
import { expRest } from "../ops/exponential-rest.ts";
import { oneHot } from "../ops/gathering.ts";
import { scale } from "../ops/masks.ts";
import { mean, norm } from "../ops/reductions.ts";
import { logSoftmax } from "../ops/softmax.ts";
import { broadcastTo, sum } from "../structure/broadcasting.ts";

/** How the losses of single elements or samples become one. */
export interface LossOptions {
	/** Their mean (left out), which for none is NaN, their sum, or no reduction. */
	readonly reduction?: "mean" | "sum" | "none";
	/**
	 * Which of them count, bool, broadcast to their shape; left out: all. The others are 0, and the
	 * mean is over those that count.
	 */
	readonly mask?: Tensor;
}

const REDUCTION = ["mean", "sum", "none"] as const;
const LOSS_OPTIONS: OptionKinds<LossOptions> = { reduction: REDUCTION, mask: kind.aTensor };

function reduced(losses: Tensor, { reduction = "mean", mask }: LossOptions): Tensor {
	const counted = mask === undefined ? losses : where(mask, losses, 0);
	if (reduction === "none") return counted;
	if (reduction === "sum") return sum(counted);
	if (mask === undefined) return mean(losses);
	return div(sum(counted), sum(astype(broadcastTo(mask, losses.shape), losses.dtype)));
}

/**
 * What is predicted and what should have been, of one shape: here broadcasting would hide a
 * mistake.
 */
function pair(op: string, prediction: Tensor, target: TensorLike): Tensor {
	checkArgument(op, "the prediction", prediction, kind.aTensor);
	const y = asTensor(op, target);
	if (isFloat(y.dtype) && typeof target !== "number") commonDType(op, prediction.dtype, y.dtype);
	if (y.rank > 0 && !sameShape(prediction.shape, y.shape)) {
		throw new ShapeError(
			`${op}: expected the prediction and the target to have one shape, got ${showShape(prediction.shape)} and ` +
				`${showShape(y.shape)}; reshape one, or broadcastTo what is meant`,
		);
	}
	const isNumber = typeof target === "number" || !isFloat(y.dtype);
	return isNumber ? calledAs(op, () => astype(y, prediction.dtype)) : y;
}

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
	checkOptions("squaredError", options, LOSS_OPTIONS);
	const y = pair("squaredError", prediction, target);
	return reduced(square(sub(prediction, y)), options);
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
	checkOptions("absoluteError", options, LOSS_OPTIONS);
	const y = pair("absoluteError", prediction, target);
	return reduced(abs(sub(prediction, y)), options);
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
	checkOptions("huberLoss", options, HUBER_OPTIONS);
	const { delta = 1 } = options;
	const y = pair("huberLoss", prediction, target);
	const r = sub(prediction, y);
	// With c = r clipped to [−δ, δ], both pieces are c·(r − c/2).
	const c = clip(r, -delta, delta);
	return reduced(mul(c, sub(r, mul(0.5, c))), options);
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
	checkOptions("crossEntropy", options, CROSS_ENTROPY_OPTIONS);
	const { labelSmoothing = 0 } = options;
	const p = probabilities("crossEntropy", logits, labels, options.mask);
	const smooth =
		labelSmoothing === 0
			? p
			: add(mul(1 - labelSmoothing, p), labelSmoothing / logits.shape.at(-1)!);
	// `scale` is the product in which a p of exactly 0 absorbs an infinite logarithm.
	return reduced(neg(sum(scale(smooth, logSoftmax(logits)), -1)), options);
}

/** Labels as probabilities in the shape of the logits; what a mask leaves out may be any number. */
function probabilities(op: string, logits: Tensor, labels: Tensor, mask?: Tensor): Tensor {
	checkArgument(op, "the logits", logits, kind.aTensor);
	checkArgument(op, "the labels", labels, kind.aTensor);
	const classes = logits.shape.at(-1);
	if (classes === undefined)
		throw new ShapeError(`${op}: expected logits (…×classes), got a scalar`);
	if (isFloat(labels.dtype)) {
		commonDType(op, logits.dtype, labels.dtype);
		if (sameShape(labels.shape, logits.shape)) return labels;
	} else if (labels.dtype !== "int32") {
		throw new DTypeError(
			`${op}: expected labels that are int32 classes or float probabilities, got ${labels.dtype}`,
		);
	} else if (sameShape(labels.shape, logits.shape.slice(0, -1))) {
		const counted =
			mask === undefined
				? labels
				: calledAs(op, () => where(broadcastTo(mask, labels.shape), labels, 0));
		return calledAs(op, () => oneHot(counted, classes, { dtype: logits.dtype }));
	}
	throw new ShapeError(
		`${op}: expected labels of classes, int32 ${showShape(logits.shape.slice(0, -1))}, or probabilities, ` +
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
	checkOptions("binaryCrossEntropy", options, LOSS_OPTIONS);
	const p = pair("binaryCrossEntropy", logits, labels);
	const yes = scale(p, softplus(neg(logits)));
	const no = scale(sub(1, p), softplus(logits));
	return reduced(add(yes, no), options);
}

/**
 * Σ p·(log p − log softmax(logits)) along the last axis, of each sample: how far the predicted
 * distribution lies from p, in nats. A p of 0 counts for nothing.
 * @throws ShapeError when p and logits differ in shape
 */
export function klDivergence(logits: Tensor, p: Tensor, options: LossOptions = {}): Tensor {
	checkOptions("klDivergence", options, LOSS_OPTIONS);
	const q = pair("klDivergence", logits, p);
	const logP = log(where(equal(q, 0), 1, q));
	return reduced(sum(scale(q, sub(logP, logSoftmax(logits))), -1), options);
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
	checkOptions("klToStandardNormal", options, LOSS_OPTIONS);
	return calledAs("klToStandardNormal", () => {
		return reduced(mul(0.5, add(square(mean), expRest(logVariance))), options);
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
	checkOptions("hingeLoss", options, LOSS_OPTIONS);
	const margin = mul(pair("hingeLoss", prediction, labels), prediction);
	return reduced(relu(sub(1, margin)), options);
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
	checkOptions("cosineDistance", options, LOSS_OPTIONS);
	const y = pair("cosineDistance", prediction, target);
	const cosine = mul(unit(prediction), unit(y));
	return reduced(sub(1, sum(cosine, -1)), options);
}

/** x / |x| along the last axis, and zeros where x is zeros. */
function unit(x: Tensor): Tensor {
	return direction(x, norm(x, -1, { keepDims: true }));
}
