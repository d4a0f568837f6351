import { GradientError } from "../../core/error.ts";
import { elements } from "../../core/strided.ts";
import type { Tensor } from "../../core/tensor.ts";
import * as random from "../../random/index.ts";
import { derivativeOf, type Mode, type Problem, problemOf } from "../differences/problem.ts";
import { isCertain, type Verdict } from "./compare.ts";
import { type Comparison, Examination } from "./examine.ts";
import { Kinks } from "./kinks.ts";
import { likelyCause } from "./likely-cause.ts";
import { failingElement } from "./localize.ts";
import {
	type AssertOptions,
	type CheckOptions,
	refuseBadOptions,
	refuseToAccept,
} from "./options.ts";
import { differencesOfCalls } from "./repeat.ts";
import { type Finding, GradientReport, plainFirst } from "./report.ts";
import { noCounts, Tally } from "./tally.ts";

const FIRST_ORDER_ELEMENTS = 2048;
const HIGHER_ORDER_ELEMENTS = 64;
const DIRECTIONS = 4;
/** Where a direction leads across kinks, so many elements move one by one. */
const SAMPLED_ELEMENTS = 32;

/**
 * Compares the derivatives of `f` at `args` with extrapolated differences: in reverse and in
 * forward mode, to second order, by every element of a small argument and in random directions of a
 * large one. `args` are the function's arguments, each a tensor or a nested object or array of
 * tensors; what is no float tensor is held fixed. The result may be any such structure too; its
 * elements are weighted by random cotangents. What each verdict means, and how the bounds follow
 * from the function, is told in docs/testing-gradients.md.
 * @throws GradientError when there is no float tensor among the arguments or the results, or
 * nothing is asked for
 */
export function checkGradients<Args extends readonly unknown[]>(
	f: (...args: Args) => unknown,
	args: readonly [...Args],
	options: CheckOptions = {},
): GradientReport {
	return checked("checkGradients", f as AnyFunction, args, options);
}

type AnyFunction = (...args: never[]) => unknown;

/** @param op the function that was called, for errors to name it */
function checked(
	op: string,
	f: AnyFunction,
	args: readonly unknown[],
	options: CheckOptions,
): GradientReport {
	refuseBadOptions(op, options);
	if (!Array.isArray(args)) {
		throw new GradientError(`${op}: expected the arguments in an array, as [x]`);
	}
	const { order = 2, modes = ["reverse", "forward"] } = options;
	return checkedTo(order, problemOf(op, f, args), modes, options);
}

/**
 * Compares a gradient that is not the engine's with differences, as `checkGradients` does. The
 * engine's own says how far rounding may have moved it, and what the ops do at kinks.
 * @param f gives a float scalar
 * @param gradient gives the gradient of `f` at any point
 */
export function checkGivenGradient(
	f: (x: Tensor) => Tensor,
	gradient: (x: Tensor) => Tensor,
	x: Tensor,
	options: CheckOptions = {},
): GradientReport {
	const problem: Problem = {
		...problemOf("checkGradients", f as AnyFunction, [x]),
		gradient: ([at]) => [gradient(at!)],
	};
	return checkedTo(1, problem, ["reverse"], options);
}

function checkedTo(
	order: number,
	first: Problem,
	modes: readonly Mode[],
	options: CheckOptions,
): GradientReport {
	const { seed = 0 } = options;
	const key = random.key(seed);
	const counts = noCounts();
	const findings: Finding[] = [];
	let agreement = 0;
	let problems = [first];
	for (let level = 1; level <= order; level++) {
		for (const [i, problem] of problems.entries()) {
			const found = checkProblem(problem, modes, options, random.foldIn(key, 64 * level + i));
			for (const verdict of Object.keys(counts) as Verdict[])
				counts[verdict] += found.counts[verdict];
			findings.push(...found.findings);
			agreement = Math.max(agreement, found.agreement);
		}
		// What is wrong at this order is wrong in its derivatives too, and there hard to read.
		if (level === order || counts["not-deterministic"] + counts.fail > 0) break;
		const next = random.foldIn(key, -level);
		problems = problems.flatMap((problem) =>
			modes.map((mode) => derivativeOf(problem, mode, next)),
		);
	}
	return new GradientReport(counts, findings.sort(plainFirst), agreement, seed);
}

/**
 * Does what `checkGradients` does and throws an error with the report's text unless it is `ok`:
 * when a derivative is wrong, and also when it could not be decided, unless `accept` lets that
 * pass.
 * @throws GradientError
 */
export function assertGradients<Args extends readonly unknown[]>(
	f: (...args: Args) => unknown,
	args: readonly [...Args],
	{ accept = [], ...options }: AssertOptions = {},
): void {
	refuseToAccept(accept);
	const report = checked("assertGradients", f as AnyFunction, args, options);
	const accepted = ["at-kink", ...accept];
	if (report.findings.every(({ verdict }) => accepted.includes(verdict))) return;
	throw new GradientError(String(report));
}

function checkProblem(
	problem: Problem,
	modes: readonly Mode[],
	options: CheckOptions,
	key: Tensor,
) {
	const examination = new Examination(problem, modes, key);
	const tally = new Tally(problem, examination.derivative.results, (leaf, result, mode) =>
		likelyCause(examination, leaf, result, mode, key),
	);
	const differing = differencesOfCalls(examination, modes, key);
	if (differing.length > 0) {
		for (const place of differing) tally.add(place);
		return tally.close();
	}
	const kinks = new Kinks(examination, modes, key);
	const element = (leaf: number, i: number) => kinks.excuse(leaf, i, examination.element(leaf, i));
	const limit = problem.made.length === 0 ? FIRST_ORDER_ELEMENTS : HIGHER_ORDER_ELEMENTS;
	const most = options.elements ?? limit / problem.x.length;
	for (const [leaf, x] of problem.x.entries()) {
		if (x.size <= most) {
			for (let i = 0; i < x.size; i++) addAll(tally, leaf, i, element(leaf, i));
			continue;
		}
		for (let k = 0; k < (options.directions ?? DIRECTIONS); k++) {
			const drawn = random.foldIn(random.foldIn(key, leaf), k);
			const unit = elements(random.uniform(drawn, x.shape, { low: -1, high: 1 }));
			const direction = examination.neighborhood.scales[leaf]!.map((scale, i) => scale * unit[i]!);
			const comparisons = examination.direction(leaf, direction);
			if (comparisons.every(isConfirmed)) {
				addAll(tally, leaf, null, comparisons);
				continue;
			}
			// What disagrees, perhaps by rounding, is no matter of kinks, and not left to a few elements.
			addAll(tally, leaf, null, comparisons.filter(isUndecided));
			const fails = comparisons.some(isSmoothFailure);
			const failing = fails ? failingElement(examination, leaf, direction) : null;
			const tried = failing === null ? sampledElements(x.size, drawn) : [failing];
			for (const i of tried) addAll(tally, leaf, i, element(leaf, i));
			break;
		}
	}
	return tally.close();
}

function isConfirmed({ verdict, numeric }: Comparison): boolean {
	return verdict === "pass" && isCertain(numeric);
}

function isUndecided({ verdict }: Comparison): boolean {
	return verdict === "ill-conditioned";
}

function isSmoothFailure({ verdict, numeric }: Comparison): boolean {
	return verdict === "fail" && numeric.kind === "smooth";
}

function addAll(
	tally: Tally,
	leaf: number,
	element: number | null,
	comparisons: readonly Comparison[],
): void {
	for (const comparison of comparisons) tally.add({ leaf, element, comparison });
}

/**
 * Some elements to move one by one, where a direction that does not pass leads to no element that
 * fails: it crosses kinks, and the derivatives on its two sides do not bracket those of its
 * elements.
 */
function sampledElements(size: number, key: Tensor): Iterable<number> {
	return new Set(elements(random.randint(key, [SAMPLED_ELEMENTS], 0, size)));
}
