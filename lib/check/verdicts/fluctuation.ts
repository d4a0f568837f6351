import type { Numeric } from "../differences/line.ts";
import { distance } from "./compare.ts";

/** Where the given derivatives are looked at, relative to a distance, from side to side. */
const PLACES = [-1, -0.77, -0.58, -0.41, -0.23, 0.19, 0.37, 0.62, 0.81, 0.94];
/** From one distance to the next. */
const NEARER = 8;
/** So often what changes slowly does not cross a value near a point. */
const CROSSINGS = 3;
/** What is given at the point is hardly farther from the others than they from each other. */
const BESIDE = 0.25;

/**
 * For each derivative, whether what is given nearby lies above what differences say, then below,
 * and so on, from one place to the next. A difference is the mean of the derivative over its step:
 * where the derivative goes up and down within it, as that of a fine ripple, it may be right and
 * far from the mean. One that is wrong keeps to one side, or crosses the mean once, or is by itself
 * at the point.
 * @param givenAt what is given at a distance from the point; null where there is nothing
 * @param least the distance over which the point hardly moves
 */
export function fluctuating(
	numerics: readonly Numeric[],
	given: readonly number[],
	givenAt: (t: number) => Float64Array | null,
	least: number,
): boolean[] {
	const found = numerics.map(() => false);
	const isOpen = numerics.map(() => true);
	const steps = numerics.map(({ step }) => step).filter(Number.isFinite);
	for (let radius = Math.max(0, ...steps); radius > least; radius /= NEARER) {
		const nearby = PLACES.map((place) => givenAt(place * radius)).filter((at) => at !== null);
		for (const [k, numeric] of numerics.entries()) {
			if (!isOpen[k]) continue;
			const values = nearby.map((at) => at[k]!);
			const crossings = crossingsOf(values, numeric);
			found[k] = crossings >= CROSSINGS && isAmong(given[k]!, values);
			isOpen[k] = crossings > 0 && crossings < CROSSINGS;
		}
		if (!isOpen.includes(true)) break;
	}
	return found;
}

/** How often values change the side of what differences say. */
function crossingsOf(values: readonly number[], numeric: Numeric): number {
	const sides = values
		.filter((value) => distance(value, numeric) > numeric.bound)
		.map((value) => value > numeric.right);
	return sides.filter((side, i) => i > 0 && side !== sides[i - 1]).length;
}

/** Whether a value is one of others, or hardly beside them. */
export function isAmong(given: number, values: readonly number[]): boolean {
	const [low, high] = [Math.min(...values), Math.max(...values)];
	const beside = BESIDE * (high - low);
	return given >= low - beside && given <= high + beside;
}
