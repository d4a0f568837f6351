import * as kind from "../core/argument-kinds.ts";
import { arange, tensor } from "../core/create.ts";
import { ShapeError } from "../core/error.ts";
import { checkArgument, type OptionKinds } from "../core/options.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, minimum, mul, sub } from "../ops/arithmetic.ts";
import { equal, where } from "../ops/comparison.ts";
import { relu } from "../ops/exponential.ts";
import { matmul } from "../ops/products.ts";
import { norm } from "../ops/reductions.ts";
import { sum } from "../structure/broadcasting.ts";
import { matrixTranspose } from "../structure/layout.ts";
import { crossEntropy } from "./cross-entropy.ts";
import { LOSS_OPTIONS, type LossOptions, likePrediction, loss } from "./loss.ts";

// Losses of how near vectors are to each other.

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

/** Options of `tripletLoss`. */
export interface TripletOptions extends LossOptions {
	/** By how much farther the negative should be than the positive; left out: 1. */
	readonly margin?: number;
	/** Whether |positive − negative| counts where it is less; left out: no. */
	readonly swap?: boolean;
}

const TRIPLET_OPTIONS: OptionKinds<TripletOptions> = {
	...LOSS_OPTIONS,
	margin: kind.notNegative,
	swap: kind.flag,
};

/**
 * max(0, |anchor − positive| − |anchor − negative| + margin) with Euclidean distances along the
 * last axis, of each sample (F. Schroff, D. Kalenichenko, J. Philbin, "FaceNet", 2015). The
 * derivative at the kink is 0, and so is that of the distance of equal vectors: PyTorch adds 10⁻⁶
 * to each difference instead. With `swap` the second distance is the smaller of |anchor − negative|
 * and |positive − negative|; at a tie the first has the gradient.
 * @throws ShapeError when the three differ in shape
 */
export function tripletLoss(
	anchor: Tensor,
	positive: Tensor,
	negative: Tensor,
	options: TripletOptions = {},
): Tensor {
	return loss("tripletLoss", options, TRIPLET_OPTIONS, () => {
		const { margin = 1, swap = false } = options;
		const near = likePrediction(anchor, positive);
		const far = likePrediction(anchor, negative);
		const distance = (x: Tensor, y: Tensor) => norm(sub(x, y), -1);
		const away = distance(anchor, far);
		const other = swap ? minimum(away, distance(near, far)) : away;
		return relu(add(sub(distance(anchor, near), other), margin));
	});
}

/** Options of `infoNce`. */
export interface InfoNceOptions extends LossOptions {
	/** What the cosines are divided by, a number or a scalar that may be learned; left out: 0.1. */
	readonly temperature?: number | Tensor;
	/** Whether each key also has to find its query, as in CLIP: the mean of both; left out: no. */
	readonly symmetric?: boolean;
}

const INFO_NCE_OPTIONS: OptionKinds<InfoNceOptions> = {
	...LOSS_OPTIONS,
	temperature: {
		expected: "a number above 0 or a tensor",
		holds: (x) => kind.positive.holds(x) || kind.aTensor.holds(x),
	},
	symmetric: kind.flag,
};

/**
 * How surely each query finds its own key among all keys of the batch, by the cosine of their
 * angle: the cross-entropy of cosines / temperature, (samples×samples), whose classes are 0, 1, 2,
 * …; queries and keys are (samples×width) (A. van den Oord, Y. Li, O. Vinyals, "Representation
 * learning with contrastive predictive coding", 2018). The cosine with a vector of zeros is 0.
 * @throws ShapeError when queries and keys are not two matrices of one shape
 */
export function infoNce(queries: Tensor, keys: Tensor, options: InfoNceOptions = {}): Tensor {
	return loss("infoNce", options, INFO_NCE_OPTIONS, () => {
		const { temperature = 0.1, symmetric = false } = options;
		checkArgument("loss", "the queries", queries, kind.aTensor);
		checkArgument("loss", "the keys", keys, kind.aTensor);
		if (queries.rank !== 2 || !sameShape(queries.shape, keys.shape)) {
			throw new ShapeError(
				`loss: expected queries and keys (samples×width), got ${showShape(queries.shape)} and ${showShape(keys.shape)}`,
			);
		}
		const cosines = matmul(unit(queries), matrixTranspose(unit(keys)));
		const logits = div(cosines, temperature);
		const own = arange(0, queries.shape[0]!, 1, { dtype: "int32" });
		const found = (x: Tensor) => crossEntropy(x, own, { reduction: "none" });
		if (!symmetric) return found(logits);
		return mul(0.5, add(found(logits), found(matrixTranspose(logits))));
	});
}
