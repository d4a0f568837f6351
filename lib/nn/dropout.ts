import { flag, partial } from "../core/argument-kinds.ts";
import { DomainError } from "../core/error.ts";
import { checkArgument, checkOptions } from "../core/options.ts";
import { div } from "../ops/arithmetic.ts";
import { where } from "../ops/comparison.ts";
import { bernoulli } from "../random/discrete.ts";
import { isTraining, type Layer, layerOf, type Nothing } from "./layer.ts";
import { placewise } from "./placewise.ts";

/** Options of `dropout`. */
export interface DropoutOptions {
	/**
	 * Whether all of a channel of (samples×channels×…) is dropped or kept: neighbours tell much of
	 * each other (J. Tompson and others, "Efficient object localization using convolutional
	 * networks", 2015). Left out: each element by itself.
	 */
	readonly channels?: boolean;
}

/**
 * In training, each element is 0 with probability `rate` and divided by 1 − rate else, so that its
 * mean stays; otherwise nothing happens. Which ones is up to the key: `layer.apply({}, x, { train:
 * true, key })`. `apply` throws a DomainError when it is not told whether this is training, or in
 * training has no key. (N. Srivastava and others, "Dropout", 2014.)
 * @throws DomainError when the rate is not from 0 to below 1
 */
export function dropout(rate: number, options?: DropoutOptions): Layer<Nothing> {
	checkArgument("dropout", "the rate", rate, partial);
	const { channels = false } = checkOptions("dropout", options, { channels: flag });
	return placewise(
		layerOf("dropout", {
			init: () => ({}),
			apply: (_, x, context = {}) => {
				// A rate of 0 is no dropout: whoever builds it in as an option is not asked for a key then.
				if (rate === 0 || !isTraining("dropout", context)) return x;
				if (context.key === undefined) {
					throw new DomainError("dropout: expected a key in training; pass { train: true, key }");
				}
				const shape = channels ? x.shape.map((size, axis) => (axis < 2 ? size : 1)) : x.shape;
				const kept = bernoulli(context.key, 1 - rate, shape);
				return where(kept, div(x, 1 - rate), 0);
			},
		}),
	);
}
