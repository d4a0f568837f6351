import { stopGradient } from "../autodiff/custom.ts";
import * as kind from "../core/argument-kinds.ts";
import { ones, zeros } from "../core/create.ts";
import { ShapeError } from "../core/error.ts";
import { checkOptions, checkSizes, type OptionKinds } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, mul, sqrt, square, sub } from "../ops/arithmetic.ts";
import { mean } from "../ops/reductions.ts";
import { isTraining, layerOf, type StatefulLayer } from "./layer.ts";
import {
	checkChannels,
	type NormOptions,
	perChannel,
	type ScaleAndBias,
	unchanged,
} from "./norm.ts";

/** The mean and the variance of each channel, as training has seen them so far. */
export type RunningStatistics = { readonly mean: Tensor; readonly variance: Tensor };

/** Options of `batchNorm`. */
export interface BatchNormOptions extends NormOptions {
	/** How much of a batch goes into the running statistics; left out: 0.1. */
	readonly momentum?: number;
}

const BATCH_NORM_OPTIONS: OptionKinds<BatchNormOptions> = {
	epsilon: kind.notNegative,
	momentum: kind.share,
};

/**
 * Batch norm: each channel of (samples×channels×…) is brought to mean 0 and variance 1, then scaled
 * and moved. In training by the mean and variance of the batch, which go into the running
 * statistics (the variance with divisor n − 1); else by these. Parameters: `scale` and `bias`,
 * state: `mean` and `variance`, all (channels): `const [y, next] = layer.apply(params, state, x, {
 * train: true })`. `apply` throws a DomainError when it is not told whether this is training, and a
 * ShapeError for another number of channels, or in training for a single element a channel. (S.
 * Ioffe and C. Szegedy, "Batch normalization", 2015.)
 */
export function batchNorm(
	channels: number,
	options?: BatchNormOptions,
): StatefulLayer<ScaleAndBias, RunningStatistics> {
	checkSizes("batchNorm", { channels });
	const given = checkOptions("batchNorm", options, BATCH_NORM_OPTIONS);
	const { momentum = 0.1, epsilon = 1e-5 } = given;
	return layerOf("batchNorm", {
		init: (_, options) => unchanged(channels, options),
		initialState: (options = {}) => ({
			mean: zeros([channels], options),
			variance: ones([channels], options),
		}),
		apply: ({ scale, bias }, state, x, context = {}) => {
			checkChannels("batchNorm", x, channels);
			const training = isTraining("batchNorm", context);
			const { mean, variance } = training ? statistics(x) : state;
			const centred = sub(x, perChannel(mean, x.shape));
			// Scale and divisor are brought together first: they are small.
			const factor = div(scale, sqrt(add(variance, epsilon)));
			const y = add(mul(centred, perChannel(factor, x.shape)), perChannel(bias, x.shape));
			if (!training) return [y, state];
			const n = x.size / channels;
			const toward = (old: Tensor, seen: Tensor) =>
				add(mul(old, 1 - momentum), mul(stopGradient(seen), momentum));
			const next = {
				mean: toward(state.mean, mean),
				variance: toward(state.variance, mul(variance, n / (n - 1))),
			};
			return [y, next];
		},
	});
}

/** The mean and the variance of each channel of a batch. */
function statistics(x: Tensor): RunningStatistics {
	const axes = [...x.shape.keys()].filter((axis) => axis !== 1);
	if (x.size <= x.shape[1]!) {
		throw new ShapeError(
			`batchNorm: expected more than one element a channel in training, got ${showShape(x.shape)}`,
		);
	}
	const center = mean(x, axes);
	const centred = sub(x, perChannel(center, x.shape));
	return { mean: center, variance: mean(square(centred), axes) };
}
