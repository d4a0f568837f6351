import { arange } from "../core/create.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { reshape } from "../structure/layout.ts";
import { maximum } from "./arithmetic.ts";
import { greaterEqual } from "./comparison.ts";
import { take, takeAlongAxis } from "./taking.ts";
import { winnerAt } from "./winners.ts";

/** For each place the number of the last tuple there, −1 where there is none. */
export function lastAt(tuples: Tensor, places: Shape): Tensor {
	return winnerAt(arange(tuples.shape[0]!, { dtype: "int32" }), tuples, places);
}

/** Whether rows go to a place; for `rest` further axes of the place. */
export function isReached(winners: Tensor, rest = 0): Tensor {
	const shape = [...winners.shape, ...new Array<number>(rest).fill(1)];
	return reshape(greaterEqual(winners, 0), shape);
}

/** The rows with these numbers; any row for −1. */
export function rowsOfWinners(rows: Tensor, numbers: Tensor): Tensor {
	return take(rows, maximum(numbers, 0), 0);
}

/**
 * The greatest, or least, of what the rows put at each element of a tensor of this shape, and
 * whether they put anything there.
 */
export function extremesAt(
	rows: Tensor,
	tuples: Tensor,
	shape: Shape,
	least: boolean,
): { value: Tensor; reached: Tensor } {
	const winners = winnerAt(rows, tuples, shape, least);
	const rest = rows.shape.slice(1);
	const numbers = reshape(maximum(winners, 0), [
		sizeOf(shape.slice(0, shape.length - rest.length)),
		...rest,
	]);
	const value = reshape(takeAlongAxis(rows, numbers, 0), shape);
	return { value, reached: isReached(winners) };
}
