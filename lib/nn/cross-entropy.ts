import * as kind from "../core/argument-kinds.ts";
import { commonDType, isFloat } from "../core/dtype.ts";
import { DomainError, DTypeError, ShapeError } from "../core/error.ts";
import { checkArgument, type OptionKinds } from "../core/options.ts";
import { sameShape, showShape } from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { add, maximum, mul, neg, sub } from "../ops/arithmetic.ts";
import { equal, logicalAnd, notEqual, where } from "../ops/comparison.ts";
import { log, power, sigmoid, softplus } from "../ops/exponential.ts";
import { oneHot } from "../ops/gathering.ts";
import { scale } from "../ops/masks.ts";
import { logSoftmax } from "../ops/softmax.ts";
import { broadcastTo, sum } from "../structure/broadcasting.ts";
import {
	checkBroadcasts,
	checkMask,
	LOSS_OPTIONS,
	type LossOptions,
	likePrediction,
	loss,
} from "./loss.ts";

// Losses of logits, whose targets are classes or probabilities.

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends LossOptions {
	/** The share of probability that is spread evenly over all classes; left out: 0. */
	readonly labelSmoothing?: number;
	/** By how much each class counts, (classes), in the dtype of the logits; left out: all by 1. */
	readonly classWeights?: Tensor;
	/** Samples with this number as their class do not count; left out: all do. */
	readonly ignoreIndex?: number;
}

const CROSS_ENTROPY_OPTIONS: OptionKinds<CrossEntropyOptions> = {
	...LOSS_OPTIONS,
	labelSmoothing: kind.share,
	classWeights: kind.aTensor,
	ignoreIndex: { expected: "a whole number", holds: Number.isSafeInteger },
};

/**
 * −Σ w·p·log softmax(logits) along the last axis, of each sample: logits (…×classes) with labels,
 * which are either the numbers of the classes, int32 (…), or probabilities p (…×classes). Stable
 * for logits of any size; a class of probability 0 counts for nothing, even where its logit is −∞.
 * With smoothing ε, p becomes (1 − ε)·p + ε/classes. Labels that the mask leaves out may be any
 * number; `{ ignoreIndex: -100 }` is short for `{ mask: labels.notEqual(-100) }`. With class
 * weights w the mean over numbers of classes is divided by the sum of the weights of the samples'
 * classes, over probabilities by the number of samples, as in PyTorch; where no sample counts it is
 * NaN.
 * @throws ShapeError when the labels are of neither shape, or the weights are not (classes)
 * @throws DomainError for a label that counts and is not from 0 to classes − 1, or an ignored class
 * beside probabilities
 */
export function crossEntropy(
	logits: Tensor,
	labels: Tensor,
	options: CrossEntropyOptions = {},
): Tensor {
	return loss("crossEntropy", options, CROSS_ENTROPY_OPTIONS, () => {
		const { labelSmoothing = 0, classWeights } = options;
		checkArgument("loss", "the logits", logits, kind.aTensor);
		checkArgument("loss", "the labels", labels, kind.aTensor);
		const mask = counted(labels, options);
		const p = probabilities(logits, labels, mask);
		const smooth =
			labelSmoothing === 0
				? p
				: add(mul(1 - labelSmoothing, p), labelSmoothing / logits.shape.at(-1)!);
		if (classWeights === undefined) return { losses: surprise(smooth, logits), mask };
		checkClassWeights(classWeights, logits);
		const losses = surprise(scale(smooth, classWeights), logits);
		const weights = isFloat(labels.dtype) ? undefined : sum(scale(p, classWeights), -1);
		return { losses, mask, weights };
	});
}

/** −Σ p·log softmax(logits): `scale` is the product in which a p of 0 absorbs an infinity. */
function surprise(p: Tensor, logits: Tensor): Tensor {
	return neg(sum(scale(p, logSoftmax(logits)), -1));
}

/** The mask of the options, without the samples of an ignored class. */
function counted(labels: Tensor, { mask, ignoreIndex }: CrossEntropyOptions): Tensor | undefined {
	if (ignoreIndex === undefined) return mask;
	if (isFloat(labels.dtype)) {
		throw new DomainError(
			`loss: expected no ignoreIndex beside labels that are probabilities, got ${ignoreIndex}; pass a mask`,
		);
	}
	const isCounted = notEqual(labels, ignoreIndex);
	if (mask === undefined) return isCounted;
	checkMask(mask, labels.shape);
	return logicalAnd(mask, isCounted);
}

function checkClassWeights(weights: Tensor, logits: Tensor): void {
	commonDType("loss", weights.dtype, logits.dtype);
	const classes = logits.shape.slice(-1);
	if (sameShape(weights.shape, classes)) return;
	throw new ShapeError(
		`loss: expected a weight for each class, ${showShape(classes)}, got ${showShape(weights.shape)}`,
	);
}

/** Labels as probabilities in the shape of the logits; what a mask leaves out may be any number. */
function probabilities(logits: Tensor, labels: Tensor, mask?: Tensor): Tensor {
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

/** Options of `binaryCrossEntropy`. */
export interface BinaryCrossEntropyOptions extends LossOptions {
	/**
	 * By how much "yes" counts, a number or in a shape that broadcasts to the logits; left out: 1.
	 */
	readonly positiveWeight?: number | Tensor;
}

const BINARY_OPTIONS: OptionKinds<BinaryCrossEntropyOptions> = {
	...LOSS_OPTIONS,
	positiveWeight: kind.scalar,
};

/**
 * −w·p·log σ(x) − (1 − p)·log(1 − σ(x)) for each logit x, σ being the logistic function, and p the
 * probability of "yes": 0 or 1, as a number of any dtype, or between. Stable for logits of any
 * size. The weight w of "yes" is no divisor of the mean, which is over the logits, as in PyTorch.
 * @throws ShapeError when logits and labels differ in shape (a scalar label fits all), or a weight
 * does not broadcast to them
 */
export function binaryCrossEntropy(
	logits: Tensor,
	labels: TensorLike,
	options: BinaryCrossEntropyOptions = {},
): Tensor {
	return loss("binaryCrossEntropy", options, BINARY_OPTIONS, () => {
		const p = likePrediction(logits, labels);
		const { positiveWeight = 1 } = options;
		if (positiveWeight instanceof Tensor) checkBroadcasts("a weight", positiveWeight, logits.shape);
		const yes = positiveWeight === 1 ? p : mul(p, positiveWeight);
		return binary(logits, yes, sub(1, p));
	});
}

/** −yes·log σ(x) − no·log(1 − σ(x)). */
function binary(logits: Tensor, yes: Tensor, no: Tensor): Tensor {
	return add(scale(yes, softplus(neg(logits))), scale(no, softplus(logits)));
}

/** Options of `focalLoss`. */
export interface FocalOptions extends LossOptions {
	/** How much less counts what is predicted well; 0: not less. Left out: 2. */
	readonly gamma?: number;
	/** The weight α of "yes" beside 1 − α of "no"; left out: both have 1. */
	readonly alpha?: number;
}

const FOCAL_OPTIONS: OptionKinds<FocalOptions> = {
	...LOSS_OPTIONS,
	gamma: kind.notNegative,
	alpha: kind.share,
};

/** Keeps q in the power q^γ from 0, where the slope of a root is infinite; float32 has it too. */
const SMALLEST = 1e-37;

/**
 * `binaryCrossEntropy` of each logit times q^γ, where q is the probability that is given to the
 * wrong answer, (1 − p)·σ(x) + p·(1 − σ(x)): what is easy hardly counts (T.-Y. Lin and others,
 * "Focal loss for dense object detection", 2017). With α also times α·p + (1 − α)·(1 − p). The mean
 * is over the logits.
 * @throws ShapeError when logits and labels differ in shape (a scalar label fits all)
 */
export function focalLoss(logits: Tensor, labels: TensorLike, options: FocalOptions = {}): Tensor {
	return loss("focalLoss", options, FOCAL_OPTIONS, () => {
		const { gamma = 2, alpha } = options;
		const p = likePrediction(logits, labels);
		const no = sub(1, p);
		const wrong = add(mul(no, sigmoid(logits)), mul(p, sigmoid(neg(logits))));
		const losses = mul(binary(logits, p, no), power(maximum(wrong, SMALLEST), gamma));
		return alpha === undefined ? losses : mul(losses, add(mul(alpha, p), mul(1 - alpha, no)));
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
