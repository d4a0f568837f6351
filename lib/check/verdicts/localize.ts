import type { Comparison, Examination } from "./examine.ts";

/**
 * The element to which what is so along a direction can be traced, as a failure, by halving the
 * direction for as long as it is so on one half; null where it is so on neither half alone.
 */
export function tracedElement(
	examination: Examination,
	leaf: number,
	direction: Float64Array,
	isSo: (comparison: Comparison) => boolean,
): number | null {
	const holds = (start: number, end: number) => {
		const part = direction.map((value, i) => (i >= start && i < end ? value : 0));
		return examination.direction(leaf, part).some(isSo);
	};
	let [from, to] = [0, direction.length];
	while (to - from > 1) {
		const middle = Math.floor((from + to) / 2);
		if (holds(from, middle)) to = middle;
		else if (holds(middle, to)) from = middle;
		else return null;
	}
	return from;
}
