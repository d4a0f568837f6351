import { ShapeError } from "../core/error.ts";
import { checkList, listOfAxes, normalizeAxis } from "../core/shape.ts";

/** Which axes of x are summed against which of w: the last n and the first n, or two lists. */
export type TensordotAxes =
	| number
	| readonly [x: number | readonly number[], w: number | readonly number[]];

/**
 * The axes of both, counted from the front.
 * @throws ShapeError for axes that are not there, or are no pairs
 */
export function tensordotAxes(
	axes: TensordotAxes,
	xRank: number,
	wRank: number,
	shapes: string,
): [number[], number[]] {
	if (typeof axes === "number") {
		if (!Number.isInteger(axes) || axes < 0 || axes > Math.min(xRank, wRank)) {
			throw new ShapeError(
				`tensordot: expected a number of axes that both have, got ${axes} for ${shapes}`,
			);
		}
		const count = Array.from({ length: axes }, (_, i) => i);
		return [count.map((i) => xRank - axes + i), count];
	}
	checkList("tensordot", "a number of axes, or two lists of them", axes);
	const each = axes.map((list, i) =>
		listOfAxes("tensordot", list).map((axis) =>
			normalizeAxis("tensordot", axis, i === 0 ? xRank : wRank),
		),
	) as [number[], number[]];
	if (
		axes.length !== 2 ||
		each[0].length !== each[1].length ||
		each.some((list) => new Set(list).size < list.length)
	) {
		throw new ShapeError(
			`tensordot: expected as many axes of x as of w, each once, got ${JSON.stringify(axes)} for ${shapes}`,
		);
	}
	return each;
}
