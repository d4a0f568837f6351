import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { commonDType, isFloat } from "../core/dtype.ts";
import { DTypeError, ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../core/options.ts";
import { type Shape, sameShape, showShape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
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

/** The words for it. */
export const REDUCTION = ["mean", "sum", "none"] as const;
/** What the options of most losses may be. */
export const LOSS_OPTIONS: OptionKinds<LossOptions> = { reduction: REDUCTION, mask: kind.aTensor };

/**
 * A loss, of its options and of what gives the losses of single elements or samples. What it is
 * made of need not know its name: errors get it here.
 */
export function loss<O extends LossOptions>(
	op: string,
	options: O,
	kinds: OptionKinds<O>,
	losses: () => Tensor,
): Tensor {
	checkOptions(op, options, kinds);
	return calledAs(op, () => reduced(losses(), options));
}

function reduced(losses: Tensor, options: LossOptions): Tensor {
	const { reduction = "mean", mask } = options;
	if (mask !== undefined) checkMask(mask, losses.shape);
	const counted = mask === undefined ? losses : where(mask, losses, 0);
	if (reduction === "none") return counted;
	if (reduction === "sum") return sum(counted);
	if (mask === undefined) return mean(losses);
	return div(sum(counted), sum(astype(broadcastTo(mask, losses.shape), losses.dtype)));
}

/**
 * A mask that is larger than the losses would count them more than once.
 * @throws DTypeError for a mask that is not bool
 * @throws ShapeError for one that does not broadcast to the losses
 */
export function checkMask({ dtype, shape, rank }: Tensor, losses: Shape): void {
	if (dtype !== "bool") {
		throw new DTypeError(
			`loss: expected a bool mask, got ${dtype}; compare first, for example with .notEqual(0)`,
		);
	}
	const fits = (size: number, i: number) => size === 1 || size === losses.at(i - rank);
	if (rank <= losses.length && shape.every(fits)) return;
	throw new ShapeError(
		`loss: expected a mask that broadcasts to the losses, ${showShape(losses)}, got ${showShape(shape)}`,
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
