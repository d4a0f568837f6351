import { arange } from "../core/create.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, clip, sub } from "../ops/arithmetic.ts";
import { greaterEqual, lessEqual, logicalAnd, where } from "../ops/comparison.ts";
import { take } from "../ops/taking.ts";
import { expandDims } from "../structure/layout.ts";

// Places of a cache, (…×capacity×width), by a position that is a tensor: nothing here looks at it.

/** The cache with these places, (…×n×width), from the position on, as far as it reaches. */
export function withPlaces(cache: Tensor, places: Tensor, position: Tensor): Tensor {
	const n = places.shape.at(-2)!;
	const number = sub(numbers(cache.shape.at(-2)!), position);
	const isNew = logicalAnd(greaterEqual(number, 0), lessEqual(number, n - 1));
	const there = n === 1 ? places : take(places, clip(number, 0, n - 1), -2);
	return where(expandDims(isNew, 1), there, cache);
}

/** Bool (n×capacity): which places those from the position on may look at, up to themselves. */
export function upTo(n: number, capacity: number, position: Tensor): Tensor {
	return lessEqual(numbers(capacity), expandDims(add(numbers(n), position), 1));
}

/** Whether n places from the position on lie in the cache, a bool scalar. */
export function hasRoom(n: number, capacity: number, position: Tensor): Tensor {
	return logicalAnd(greaterEqual(position, 0), lessEqual(position, capacity - n));
}

function numbers(count: number): Tensor {
	return arange(0, count, 1, { dtype: "int32" });
}
