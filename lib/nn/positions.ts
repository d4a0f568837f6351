import * as kind from "../core/argument-kinds.ts";
import { arange } from "../core/create.ts";
import { isFloat } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { checkArgument, checkOptions, checkSizes } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import { split } from "../ops/arranging.ts";
import { astype } from "../ops/cast.ts";
import { exp } from "../ops/exponential.ts";
import { concat, stack } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { cos, sin } from "../ops/trigonometric.ts";
import { expandDims, reshape } from "../structure/layout.ts";
import { type Initializer, normal } from "./initializers.ts";
import { type Layer, layerOf } from "./layer.ts";

/** The angles place · 10000^(−2i/width) for i below width/2: (places×width/2). */
function angles(places: number, width: number, dtype: "float64" | "float32"): Tensor {
	const half = arange(width / 2);
	const speeds = exp(mul(half, (-2 * Math.log(1e4)) / width));
	return astype(mul(expandDims(arange(places), 1), speeds), dtype);
}

function checkPlaces(op: string, x: Tensor): [places: number, width: number] {
	checkArgument(op, "", x, kind.aTensor);
	const [places, width] = x.shape.slice(-2);
	if (places === undefined || width === undefined || width % 2 === 1 || !isFloat(x.dtype)) {
		throw new ShapeError(
			`${op}: expected (…×places×width) with an even width, got ${x.dtype} ${showShape(x.shape)}`,
		);
	}
	return [places, width];
}

/**
 * x with each place told apart by sines and cosines of waves of different lengths, added to it;
 * (…×places×width), without parameters: element 2i of place t is sin(t·10000^(−2i/width)), element
 * 2i + 1 the cosine (A. Vaswani and others, "Attention is all you need", 2017).
 * @throws ShapeError when the width is odd
 */
export function sinusoidalPositions(x: Tensor): Tensor {
	const [places, width] = checkPlaces("sinusoidalPositions", x);
	const angle = angles(places, width, x.dtype as "float64");
	return add(x, reshape(stack([sin(angle), cos(angle)], -1), [places, width]));
}

/**
 * A learned vector for each place, added to (…×places×width) with up to `places` places;
 * parameters: `w` (places×width). `apply` throws a ShapeError when there are more places, or
 * another width.
 */
export function learnedPositions(
	places: number,
	width: number,
	options?: { readonly weights?: Initializer },
): Layer<{ w: Tensor }> {
	const kinds = { weights: kind.callable };
	checkSizes("learnedPositions", { places, width });
	const { weights = normal(0.02) } = checkOptions("learnedPositions", options, kinds);
	return layerOf("learnedPositions", {
		init: (key, { dtype } = {}) => ({ w: weights(key, [places, width], { dtype }) }),
		apply: ({ w }, x) => {
			const here = x.shape.at(-2) ?? 0;
			if (x.rank < 2 || here > places || x.shape.at(-1) !== width) {
				throw new ShapeError(
					`learnedPositions: expected up to ${places} places (…×places×${width}), got ${showShape(x.shape)}`,
				);
			}
			return add(x, slice(w, [0, here]));
		},
	});
}

/**
 * Each place of (…×places×width) turned by an angle of its own: element i and element i + width/2
 * are a point in a plane, turned by place·10000^(−2i/width). The scalar product of two turned
 * vectors depends on the distance of their places only. (J. Su and others, "RoFormer: enhanced
 * transformer with rotary position embedding", 2021.)
 * @throws ShapeError when the width is odd
 */
export function rotate(x: Tensor): Tensor {
	const [places, width] = checkPlaces("rotate", x);
	const angle = angles(places, width, x.dtype as "float64");
	const [sine, cosine] = [sin(angle), cos(angle)];
	const parts = split(x, 2, -1) as [Tensor, Tensor];
	const [a, b] = parts;
	return concat([sub(mul(a, cosine), mul(b, sine)), add(mul(b, cosine), mul(a, sine))], -1);
}
