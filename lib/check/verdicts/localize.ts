import type { Examination } from "./examine.ts";

/**
 * The element to which a failure along a direction can be traced, by halving the direction for as
 * long as one half fails; null where the failure is in neither half alone.
 */
export function failingElement(
	examination: Examination,
	leaf: number,
	direction: Float64Array,
): number | null {
	const fails = (start: number, end: number) => {
		const part = direction.map((value, i) => (i >= start && i < end ? value : 0));
		return examination.direction(leaf, part).some(({ verdict }) => verdict === "fail");
	};
	let [from, to] = [0, direction.length];
	while (to - from > 1) {
		const middle = Math.floor((from + to) / 2);
		if (fails(from, middle)) to = middle;
		else if (fails(middle, to)) from = middle;
		else return null;
	}
	return from;
}
