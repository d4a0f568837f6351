import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { commonDType, isFloat } from "../core/dtype.ts";
import { DTypeError, ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../core/options.ts";
import { type Shape, sameShape, showShape } from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { div } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { where } from "../ops/comparison.ts";
import { mean } from "../ops/reductions.ts";
import { broadcastTo, sum } from "../structure/broadcasting.ts";

// What the losses have in common.

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

/** What the options of most losses may be. */
export const LOSS_OPTIONS: OptionKinds<LossOptions> = {
	reduction: ["mean", "sum", "none"],
	mask: kind.aTensor,
};

/** The losses of single elements or samples, and what their mean has to know. */
export interface Weighed {
	readonly losses: Tensor;
	/** Which of them count; left out: what the options say. */
	readonly mask?: Tensor;
	/** By how much each counts in the divisor of the mean, in their shape; left out: 1. */
	readonly weights?: Tensor;
}

/**
 * A loss, of its options and of what gives the losses of single elements or samples. What it is
 * made of need not know its name: errors get it here.
 */
export function loss<O extends LossOptions>(
	op: string,
	options: O,
	kinds: OptionKinds<O>,
	losses: () => Tensor | Weighed,
): Tensor {
	checkOptions(op, options, kinds);
	return calledAs(op, () => reduced(losses(), options));
}

function reduced(given: Tensor | Weighed, options: LossOptions): Tensor {
	const {
		losses,
		mask = options.mask,
		weights,
	}: Weighed = given instanceof Tensor ? { losses: given } : given;
	const { reduction = "mean" } = options;
	if (mask !== undefined) checkMask(mask, losses.shape);
	const counted = mask === undefined ? losses : where(mask, losses, 0);
	if (reduction === "none") return counted;
	if (reduction === "sum") return sum(counted);
	if (mask === undefined && weights === undefined) return mean(losses);
	const ones = () => astype(broadcastTo(mask!, losses.shape), losses.dtype);
	const divisors = weights === undefined ? ones() : mask ? where(mask, weights, 0) : weights;
	return div(sum(counted), sum(divisors));
}

/**
 * A mask that is larger than the losses would count them more than once.
 * @throws DTypeError for a mask that is not bool
 * @throws ShapeError for one that does not broadcast to the losses
 */
export function checkMask(mask: Tensor, losses: Shape): void {
	if (mask.dtype !== "bool") {
		throw new DTypeError(
			`loss: expected a bool mask, got ${mask.dtype}; compare first, for example with .notEqual(0)`,
		);
	}
	checkBroadcasts("a mask", mask, losses);
}

/** @throws ShapeError for what does not broadcast to the losses */
export function checkBroadcasts(what: string, { shape, rank }: Tensor, losses: Shape): void {
	const fits = (size: number, i: number) => size === 1 || size === losses.at(i - rank);
	if (rank <= losses.length && shape.every(fits)) return;
	throw new ShapeError(
		`loss: expected ${what} that broadcasts to the losses, ${showShape(losses)}, got ${showShape(shape)}`,
	);
}

/**
 * What is predicted and what should have been, of one shape: here broadcasting would hide a
 * mistake.
 */
export function likePrediction(prediction: Tensor, target: TensorLike): Tensor {
	checkArgument("loss", "the prediction", prediction, kind.aTensor);
	const y = asTensor("loss", target);
	if (isFloat(y.dtype) && typeof target !== "number")
		commonDType("loss", prediction.dtype, y.dtype);
	if (y.rank > 0 && !sameShape(prediction.shape, y.shape)) {
		throw new ShapeError(
			`loss: expected the prediction and the target to have one shape, got ${showShape(prediction.shape)} and ` +
				`${showShape(y.shape)}; reshape one, or broadcastTo what is meant`,
		);
	}
	const isNumber = typeof target === "number" || !isFloat(y.dtype);
	return isNumber ? astype(y, prediction.dtype) : y;
}
