import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { full } from "../core/create.ts";
import { checkArgument, checkOptions, checkSizes } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, minimum, mul } from "../ops/arithmetic.ts";
import { split } from "../ops/arranging.ts";
import { relu, sigmoid, silu } from "../ops/exponential.ts";
import { type Layer, layerOf } from "./layer.ts";
import { checkChannels, perChannel } from "./norm.ts";
import { type Placewise, placewise } from "./placewise.ts";

// Activations in which a part of what comes in, or a parameter, says how much of the rest goes on.

/** The two halves along an axis. */
function halves(op: string, x: Tensor, axis: number): [Tensor, Tensor] {
	checkArgument(op, "", x, kind.aTensor);
	return calledAs(op, () => split(x, 2, axis)) as [Tensor, Tensor];
}

/**
 * a·σ(b), where a and b are the halves of x along an axis, the last one unless said: the gated
 * linear unit (Y. N. Dauphin and others, "Language modeling with gated convolutional networks",
 * 2017). The axis becomes half as long.
 * @throws ShapeError when the axis does not fall into halves
 */
export const glu: Placewise<[axis?: number]> = placewise(function glu(x, axis = -1) {
	const [a, b] = halves("glu", x, axis);
	return mul(a, sigmoid(b));
});

/**
 * silu(a)·b, where a and b are the halves of x along an axis, the last one unless said (N. Shazeer,
 * "GLU variants improve transformer", 2020). The gate is the first half, and not the second as in
 * `glu`: so have it the models that use it.
 * @throws ShapeError when the axis does not fall into halves
 */
export const swiglu: Placewise<[axis?: number]> = placewise(function swiglu(x, axis = -1) {
	const [a, b] = halves("swiglu", x, axis);
	return mul(silu(a), b);
});

/** Options of `prelu`. */
export interface PreluOptions {
	/** The slope at first; left out: 0.25. */
	readonly slope?: number;
}

/**
 * x where it is positive, else slope·x with a slope that is learned, as `leakyRelu` has a fixed
 * one; the derivative at 0 is the slope. There is one for all elements, or one for each channel of
 * (samples×channels×…). Parameters: `slope` (channels). `apply` throws a ShapeError for another
 * number of channels. (K. He and others, "Delving deep into rectifiers", 2015.)
 */
export function prelu(channels = 1, options?: PreluOptions): Layer<{ slope: Tensor }> {
	checkSizes("prelu", { channels });
	const { slope: first = 0.25 } = checkOptions("prelu", options, { slope: kind.finite });
	const layer = layerOf("prelu", {
		init: (_, options) => ({ slope: full([channels], first, options) }),
		apply: ({ slope }: { slope: Tensor }, x: Tensor) => {
			if (channels !== 1) checkChannels("prelu", x, channels);
			const each = channels === 1 ? slope : perChannel(slope, x.shape);
			return add(relu(x), mul(each, minimum(x, 0)));
		},
	});
	return channels === 1 ? placewise(layer) : layer;
}
