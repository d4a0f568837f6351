import { elements } from "../../core/strided.ts";
import type { ElementPlace } from "../differences/neighborhood.ts";
import type { TensorList } from "../differences/problem.ts";
import type { Comparison } from "./examine.ts";

/** Compares what is given with differences where these elements move, by the same amount. */
export type CompareAt = (places: readonly ElementPlace[]) => readonly Comparison[];

/** What came of moving elements, one or several together. */
export interface Moved {
	readonly places: readonly ElementPlace[];
	readonly comparisons: readonly Comparison[];
}

/**
 * Compares elements one by one, and then together those at kinks that are equal. Moved one by one
 * they leave a tie, as that of a maximum, and any share of the gradient lies between the sides;
 * moved together they stay equal, and the shares have to add up.
 */
export function* comparedWithTies(
	x: TensorList,
	places: Iterable<ElementPlace>,
	compareAt: CompareAt,
): Generator<Moved> {
	const kinks: ElementPlace[] = [];
	const tried = x.map(() => new Set<number>());
	for (const place of places) {
		const comparisons = compareAt([place]);
		tried[place.leaf]!.add(place.element);
		if (comparisons.some(({ verdict }) => verdict === "at-kink")) kinks.push(place);
		yield { places: [place], comparisons };
	}
	const others = kinks.length === 0 ? [] : untried(x, tried);
	for (const tie of tiesAmong(x, kinks, others)) {
		yield { places: tie, comparisons: compareAt(tie) };
	}
}

/** The elements that were left out, since their argument is large. */
function untried(x: TensorList, tried: readonly ReadonlySet<number>[]): ElementPlace[] {
	const places: ElementPlace[] = [];
	for (const [leaf, { size }] of x.entries()) {
		for (let element = 0; element < size && tried[leaf]!.size < size; element++) {
			if (!tried[leaf]!.has(element)) places.push({ leaf, element });
		}
	}
	return places;
}

/**
 * Elements at kinks and what is equal to them, in groups of two or more. Those that differ in sign
 * alone are a group too: they tie in the maximum of sizes.
 */
function tiesAmong(
	x: TensorList,
	kinks: readonly ElementPlace[],
	others: readonly ElementPlace[],
): ElementPlace[][] {
	const values = x.map(elements);
	const valueAt = ({ leaf, element }: ElementPlace) => values[leaf]![element]!;
	const bySize = new Map<number, ElementPlace[]>(
		kinks.map((place) => [Math.abs(valueAt(place)), []]),
	);
	for (const place of [...kinks, ...others]) bySize.get(Math.abs(valueAt(place)))?.push(place);
	return [...bySize.values()].flatMap((alike) => {
		const below = alike.filter((place) => valueAt(place) < 0);
		const above = alike.filter((place) => valueAt(place) >= 0);
		const opposed = [...above, ...below.map((place): ElementPlace => ({ ...place, sign: -1 }))];
		const isMixed = below.length > 0 && above.length > 0;
		return [above, below, ...(isMixed ? [opposed] : [])].filter(({ length }) => length > 1);
	});
}
