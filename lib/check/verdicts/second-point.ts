import { elements } from "../../core/strided.ts";
import { Tensor } from "../../core/tensor.ts";
import * as random from "../../random/index.ts";
import type { Problem } from "../differences/problem.ts";

/**
 * How far the second point is, relative to each element: its sign stays, and a 0 among others stays
 * 0. Where all are 0 they move by so much.
 */
const APART = 0.25;

/** What is said of a gradient that is right at the point and wrong at another. */
export const AT_SECOND_POINT =
	"it is right at the point itself, and wrong at a second point nearby: something is kept from an earlier call, or the gradient holds for some points only";

/**
 * The same problem at a second point. A gradient that keeps what it computed at an earlier call is
 * right at the first one.
 */
export function atSecondPoint(problem: Problem, key: Tensor): Problem {
	const x = problem.x.map((xi, leaf) => {
		const factors = random.uniform(random.foldIn(key, leaf), xi.shape, {
			low: 1 - APART,
			high: 1 + APART,
		});
		const values = elements(xi).slice();
		const isZero = values.every((value) => value === 0);
		for (const [i, factor] of elements(factors).entries()) {
			values[i] = isZero ? factor - 1 : values[i]! * factor;
		}
		return new Tensor(values, xi.dtype, xi.shape);
	});
	return { ...problem, x };
}
