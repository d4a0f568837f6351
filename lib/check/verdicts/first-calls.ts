import type { Tensor } from "../../core/tensor.ts";
import { attempt, messageOf } from "../differences/attempt.ts";
import { unknown } from "../differences/line.ts";
import { nearby } from "../differences/neighborhood.ts";
import type { Mode, Problem } from "../differences/problem.ts";
import { Examination } from "./examine.ts";
import { differencesOfCalls } from "./repeat.ts";
import type { PlacedComparison } from "./tally.ts";

/** What the first calls show: a point to examine, or what leaves nothing to compare. */
interface FirstCalls {
	readonly examination: Examination | null;
	readonly findings: readonly PlacedComparison[];
}

/**
 * Calls a function and its derivative, more than once. Where the derivative throws at the point,
 * and not nearby, there is none: that is a finding. What throws nearby too is a mistake.
 */
export function firstCalls(problem: Problem, modes: readonly Mode[], key: Tensor): FirstCalls {
	const call = (there: Problem): FirstCalls => {
		const examination = new Examination(there, modes, key);
		return { examination, findings: differencesOfCalls(examination, modes, key) };
	};
	return attempt(
		() => call(problem),
		(error) => {
			if (nearby(problem, key, call) === null) throw error;
			const comparison = {
				verdict: "non-finite",
				mode: modes[0]!,
				output: null,
				given: Number.NaN,
				numeric: unknown,
				refusal: `at the point itself: ${messageOf(error)}`,
			} as const;
			return { examination: null, findings: [{ leaf: null, element: null, comparison }] };
		},
	);
}
