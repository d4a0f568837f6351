import {
	compose,
	type Derivative,
	identity,
	LinearMap,
	linearMap,
	WeightedSum,
} from "../core/linear-map.ts";
import { broadcastTo, sum } from "../structure/broadcasting.ts";
import { expandDims } from "../structure/layout.ts";
import { negate } from "./product-maps.ts";
import { scale } from "./scaling-maps.ts";

/**
 * The linear map of a derivative as a record states it; null where the result does not vary with
 * the argument.
 */
export function asMap(derivative: Derivative | null): LinearMap | null {
	if (derivative === null || derivative === 0) return null;
	if (derivative instanceof LinearMap) return derivative;
	if (derivative instanceof WeightedSum) return weightedSum(derivative);
	if (derivative === 1) return identity;
	if (derivative === -1) return negate;
	return scale(derivative);
}

function weightedSum({ weight, shape, axes, keepDims }: WeightedSum): LinearMap {
	const summation = linearMap(
		"sum over axes",
		(dx) => sum(dx, axes, { keepDims }),
		(g) => broadcastTo(keepDims ? g : expandDims(g, axes), shape),
	);
	if (weight === identity || weight === 1) return summation;
	return compose(weight instanceof LinearMap ? weight : scale(weight), summation);
}
