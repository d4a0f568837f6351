import * as fc from "fast-check";
import { type ArgumentKind, structure } from "../core/argument-kinds.ts";
import { GradientError } from "../core/error.ts";
import { checkArgument, checkFunction } from "../core/options.ts";
import { checkedAs, isAccepted } from "./verdicts/check-gradients.ts";
import { type AssertOptions, refuseBadOptions, refuseToAccept } from "./verdicts/options.ts";
import { type Finding, type GradientReport, isHarmless } from "./verdicts/report.ts";

/** Options of `assertGradientProperty`. */
export interface GradientPropertyOptions extends Omit<AssertOptions, "seed" | "accept"> {
	/** At how many points the model is checked; left out: 30. */
	readonly runs?: number;
	/** Of the points; left out: another one each time, and the error tells which. */
	readonly seed?: number;
	/** What is let pass although it could not be decided; left out: nothing. */
	readonly accept?: readonly ("ill-conditioned" | "non-finite")[];
	/**
	 * In milliseconds: after that no further point is checked, and what failed is not made simpler
	 * any more. Left out: 4000, within the five seconds that Vitest and Jest give a test.
	 */
	readonly timeLimit?: number;
}

/** What is wrong at a point: a report, or an error of the model itself. */
interface Failure {
	readonly kind: string;
	readonly finding: Finding | null;
	readonly text: string;
}

/**
 * Checks the gradients of a model, as `assertGradients` does, at points that an arbitrary of
 * fast-check draws: `assertGradientProperty(model, fc.tuple(params, tensors()))`. Where they are
 * wrong the point is made simpler for as long as the same failure stays. The error holds all of it
 * in its message, which every test runner prints.
 * @returns at how many points the gradients are right: all, or those for which the time sufficed
 * @throws GradientError for the simplest point found at which they are not confirmed, and when
 * there was not the time to check a single point
 */
export function assertGradientProperty<Args extends readonly unknown[]>(
	f: (...args: Args) => unknown,
	args: fc.Arbitrary<Args>,
	options: GradientPropertyOptions = {},
): number {
	checkFunction(NAME, f);
	checkArgument(NAME, "the arguments", args, ARBITRARY);
	checkArgument(NAME, "options", options, structure);
	const { runs = 30, seed, accept = [], timeLimit = 4000, ...others } = options;
	if (!(Number.isInteger(runs) && runs >= 1)) {
		throw new GradientError(`${NAME}: expected at least one run, got runs ${runs}`);
	}
	refuseBadOptions(NAME, { ...others, timeLimit });
	refuseToAccept(NAME, accept);
	const start = performance.now();
	let first: Failure | null = null;
	let last: Failure | null = null;
	let passed = 0;
	const failureAt = (point: Args, until: number, like: Failure | null): Failure | null => {
		const left = start + until - performance.now();
		if (left <= 0) return null;
		const given = { ...others, ...(like === null ? {} : narrowed(like)), timeLimit: left };
		return failureOf(f, point, given, accept, like, () => passed++);
	};
	const property = fc.property(args, (point) => {
		const found = failureAt(point, (first === null ? 1 : SHRINKING) * timeLimit, first);
		if (found === null || (first !== null && found.kind !== first.kind)) return;
		first ??= found;
		last = found;
		throw new GradientError(found.text);
	});
	const result = fc.check(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
	if (!result.failed) {
		if (passed > 0) return passed;
		throw new GradientError(
			`${NAME}: the time limit of ${timeLimit} ms does not suffice for a point`,
		);
	}
	const [point] = result.counterexample!;
	const whole = failureAt(point, timeLimit, null);
	const { text } = whole ?? last!;
	throw new GradientError(
		[
			`the gradients are not confirmed at point ${result.numRuns} of ${runs}, made simpler ${result.numShrinks} times (seed ${result.seed})`,
			...point.map((arg, i) => `args[${i}] = ${fc.stringify(arg)}`),
			text,
		].join("\n"),
	);
}

const NAME = "assertGradientProperty";
const ARBITRARY: ArgumentKind = {
	expected: "an arbitrary of fast-check",
	holds: (x) => structure.holds(x) && "generate" in (x as object),
};
/** The part of the time after which nothing is made simpler: the rest is for the last report. */
const SHRINKING = 0.75;

function failureOf<Args extends readonly unknown[]>(
	f: (...args: Args) => unknown,
	point: Args,
	options: AssertOptions,
	accept: readonly string[],
	like: Failure | null,
	pass: () => void,
): Failure | null {
	let report: GradientReport;
	try {
		report = checkedAs(NAME, f, point, options, like?.finding?.numeric.kind ?? null);
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		return { kind: error.name, finding: null, text: `the model throws ${error}` };
	}
	if (isAccepted(report, accept)) {
		pass();
		return null;
	}
	const finding = report.findings.find((one) => !isHarmless(one) && !accept.includes(one.verdict));
	// The time is over, and nothing is wrong so far.
	if (finding === undefined) return null;
	return { kind: kindOf(finding), finding, text: String(report) };
}

/** What has to stay the same for two failures to be the same one. */
function kindOf({ verdict, order, argument, result, numeric }: Finding): string {
	return [verdict, order, argument, result, numeric.kind].join();
}

/** As little of a check as shows the failure again. */
function narrowed({ finding }: Failure): Partial<AssertOptions> {
	if (finding === null) return { order: 1 };
	const { order, mode, argument } = finding;
	const isMode = mode === "reverse" || mode === "forward";
	return { order, ...(order === 1 && isMode ? { modes: [mode], only: [argument] } : {}) };
}
