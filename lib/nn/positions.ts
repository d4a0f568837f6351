import * as kind from "../core/argument-kinds.ts";
import { arange } from "../core/create.ts";
import { isFloat } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { broadcastNumber } from "../core/lift.ts";
import { checkArgument, checkOptions, checkSizes } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import { split } from "../ops/arranging.ts";
import { astype } from "../ops/cast.ts";
import { exp } from "../ops/exponential.ts";
import { concat, stack } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { take } from "../ops/taking.ts";
import { cos, sin } from "../ops/trigonometric.ts";
import { expandDims, reshape } from "../structure/layout.ts";
import { type Initializer, normal } from "./initializers.ts";
import { type Decoding, type Layer, layerOf } from "./layer.ts";
import { byPlaces } from "./placewise.ts";

/**
 * A position in a sequence as an int32 scalar, whatever shape its one element has.
 * @throws ShapeError for what is not one int32
 */
export function positionOf(op: string, position: TensorLike): Tensor {
	if (typeof position === "number") return broadcastNumber(op, position, "int32", []);
	checkArgument(op, "the position", position, kind.aTensor);
	const x = position as Tensor;
	if (x.size === 1 && x.dtype === "int32") return reshape(x, []);
	throw new ShapeError(
		`${op}: expected the position as one int32, got ${x.dtype} ${showShape(x.shape)}`,
	);
}

/**
 * The angles place · 10000^(−2i/width) for i below width/2, (places×width/2), of the places from
 * `position` on.
 */
function angles(
	[places, width]: readonly [number, number],
	position: Tensor,
	dtype: "float64" | "float32",
): Tensor {
	const half = arange(width / 2);
	const speeds = exp(mul(half, (-2 * Math.log(1e4)) / width));
	const here = add(arange(places), astype(position, "float64"));
	return astype(mul(expandDims(here, 1), speeds), dtype);
}

/** A function of a sequence that has to know where it begins; left out: at place 0. */
export interface Positional {
	(x: Tensor, position?: TensorLike): Tensor;
	readonly decoding: Decoding<unknown>;
}

/* @__NO_SIDE_EFFECTS__ */
function positional(f: (x: Tensor, position?: TensorLike) => Tensor): Positional {
	const decoding = byPlaces<unknown>((_, x, position) => f(x, position));
	return Object.assign((x: Tensor, position?: TensorLike) => f(x, position), { decoding });
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
 * 2i + 1 the cosine (A. Vaswani and others, "Attention is all you need", 2017). The first place is
 * number `position`, an int32 scalar; left out: 0.
 * @throws ShapeError when the width is odd
 */
export const sinusoidalPositions: Positional = positional((x, position = 0) => {
	const size = checkPlaces("sinusoidalPositions", x);
	const from = positionOf("sinusoidalPositions", position);
	const angle = angles(size, from, x.dtype as "float64");
	return add(x, reshape(stack([sin(angle), cos(angle)], -1), size));
});

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
		decoding: byPlaces(({ w }, x, position) => {
			const here = arange(0, x.shape.at(-2)!, 1, { dtype: "int32" });
			return add(x, take(w, add(here, position), 0));
		}),
	});
}

/**
 * Each place of (…×places×width) turned by an angle of its own: element i and element i + width/2
 * are a point in a plane, turned by place·10000^(−2i/width). The scalar product of two turned
 * vectors depends on the distance of their places only. (J. Su and others, "RoFormer: enhanced
 * transformer with rotary position embedding", 2021.) The first place is number `position`, an
 * int32 scalar; left out: 0.
 * @throws ShapeError when the width is odd
 */
export const rotate: Positional = positional((x, position = 0) => {
	const size = checkPlaces("rotate", x);
	const angle = angles(size, positionOf("rotate", position), x.dtype as "float64");
	const [sine, cosine] = [sin(angle), cos(angle)];
	const parts = split(x, 2, -1) as [Tensor, Tensor];
	const [a, b] = parts;
	return concat([sub(mul(a, cosine), mul(b, sine)), add(mul(b, cosine), mul(a, sine))], -1);
});
