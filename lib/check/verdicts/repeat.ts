import type { Tensor } from "../../core/tensor.ts";
import * as random from "../../random/index.ts";
import { unknown } from "../differences/line.ts";
import { concatenated } from "../differences/neighborhood.ts";
import { type Mode, randomLike } from "../differences/problem.ts";
import { AutodiffDerivative } from "./autodiff-derivative.ts";
import type { Comparison, Examination } from "./examine.ts";
import type { PlacedComparison } from "./tally.ts";

/**
 * What a second call at the same point gives otherwise, to the bit: elements of the value, or else
 * of gradients and tangents. Both calls have to follow the examination: it runs the function at
 * other points, and what is kept from there shows as well.
 */
export function differencesOfCalls(
	{ problem, derivative }: Examination,
	modes: readonly Mode[],
	key: Tensor,
): PlacedComparison[] {
	const u = randomLike(derivative.results, random.foldIn(key, 0));
	const v = randomLike(problem.x, random.foldIn(key, 1)).map((x) => concatenated([x]));
	const derivatives = (at: AutodiffDerivative, mode: Mode) =>
		mode === "reverse" ? at.pull(u) : [at.pushAll(v)];
	const [mode, ...others] = modes;
	const first = derivatives(derivative, mode!);
	const calls = [new AutodiffDerivative(problem), new AutodiffDerivative(problem)];
	const [again] = calls as [AutodiffDerivative, AutodiffDerivative];
	const value = concatenated(derivative.results);
	for (const { results } of calls) {
		const places = differing("value", null, value, concatenated(results));
		if (places.length > 0) return places;
	}
	const second = derivatives(again, mode!);
	const compare = (of: Mode, a: readonly Float64Array[], b: readonly Float64Array[]) =>
		a.flatMap((x, leaf) => differing(of, of === "reverse" ? leaf : null, x, b[leaf]!));
	return [
		...compare(mode!, first, second),
		...others.flatMap((of) => compare(of, derivatives(derivative, of), derivatives(again, of))),
	];
}

/** The elements in which two calls differ; NaN is like NaN. */
function differing(
	mode: Comparison["mode"],
	leaf: number | null,
	first: Float64Array,
	second: Float64Array,
): PlacedComparison[] {
	return [...first.keys()]
		.filter((k) => !Object.is(first[k], second[k]))
		.map((k) => ({
			leaf,
			element: leaf === null ? null : k,
			comparison: {
				verdict: "not-deterministic",
				mode,
				output: leaf === null ? k : null,
				given: first[k]!,
				again: second[k]!,
				numeric: unknown,
			},
		}));
}
