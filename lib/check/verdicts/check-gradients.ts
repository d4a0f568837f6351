import { GradientError } from "../../core/error.ts";
import type { Tensor } from "../../core/tensor.ts";
import * as random from "../../random/index.ts";
import { contracted } from "../differences/contracted.ts";
import { derivativeOf, type Mode, type Problem, problemOf } from "../differences/problem.ts";
import { checkProblem } from "./check-problem.ts";
import type { Verdict } from "./compare.ts";
import {
	type AssertOptions,
	type CheckOptions,
	refuseBadOptions,
	refuseToAccept,
} from "./options.ts";
import { type Finding, GradientReport, plainFirst } from "./report.ts";
import { noCounts } from "./tally.ts";

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
			modes.map((mode) => contracted(derivativeOf(problem, mode, next), next)),
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
