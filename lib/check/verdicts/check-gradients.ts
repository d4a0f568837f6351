import { structure } from "../../core/argument-kinds.ts";
import { GradientError } from "../../core/error.ts";
import { checkArgument } from "../../core/options.ts";
import type { Tensor } from "../../core/tensor.ts";
import * as random from "../../random/index.ts";
import { contracted } from "../differences/contracted.ts";
import type { Numeric } from "../differences/line.ts";
import { derivativeOf, type Mode, type Problem, problemOf } from "../differences/problem.ts";
import { checkProblem, failuresNearby } from "./check-problem.ts";
import { chosen } from "./choice.ts";
import type { Verdict } from "./compare.ts";
import {
	type AssertOptions,
	type CheckOptions,
	refuseBadOptions,
	refuseToAccept,
} from "./options.ts";
import { type Finding, GradientReport, isHarmless, plainFirst } from "./report.ts";
import { noCounts } from "./tally.ts";
import { Watch } from "./watch.ts";

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
	return checkedAs("checkGradients", f, args, options);
}

type AnyFunction = (...args: never[]) => unknown;

/**
 * Does what `checkGradients` does.
 * @param op the function that was called, for errors to name it
 * @param until the check is over once it finds a failure of this kind; null: it goes on to the end
 */
export function checkedAs<Args extends readonly unknown[]>(
	op: string,
	f: (...args: Args) => unknown,
	args: readonly [...Args],
	options: CheckOptions,
	until: Numeric["kind"] | null = null,
): GradientReport {
	refuseBadOptions(op, options);
	const { order = 2, modes = ["reverse", "forward"] } = options;
	const fixed: string[] = [];
	const choose = (names: readonly string[]) => {
		const moved = chosen(op, names, options);
		fixed.push(...names.filter((name) => !moved.includes(name)));
		return moved;
	};
	return checkedTo(order, problemOf(op, f as AnyFunction, args, choose), modes, options, {
		fixed,
		until,
	});
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
	return checkedTo(1, problem, ["reverse"], options, { fixed: [], until: null });
}

function checkedTo(
	order: number,
	first: Problem,
	modes: readonly Mode[],
	options: CheckOptions,
	{ fixed, until }: { fixed: readonly string[]; until: Numeric["kind"] | null },
): GradientReport {
	const { seed = 0 } = options;
	const key = random.key(seed);
	const { timeLimit = Number.POSITIVE_INFINITY, progress } = options;
	const watch = new Watch(timeLimit, progress, until);
	const counts = noCounts();
	const findings: Finding[] = [];
	let agreement = 0;
	const add = (found: Omit<ReturnType<typeof checkProblem>, "isDefined">) => {
		for (const verdict of Object.keys(counts) as Verdict[])
			counts[verdict] += found.counts[verdict];
		findings.push(...found.findings);
		agreement = Math.max(agreement, found.agreement);
	};
	let problems = [watch.over(first)];
	try {
		for (let level = 1; level <= order; level++) {
			const defined: Problem[] = [];
			for (const [i, problem] of problems.entries()) {
				const drawn = random.foldIn(key, 64 * level + i);
				const found = watch.within(() => checkProblem(problem, modes, options, drawn, watch), null);
				if (found === null) break;
				add(found);
				if (found.isDefined) defined.push(problem);
			}
			if (level === 1 && first.gradient === null && findings.every(isHarmless)) {
				const nearby = () => failuresNearby(problems[0]!, modes, options, key, watch);
				const found = watch.within(nearby, null);
				if (found !== null) add(found);
			}
			// What is wrong at this order is wrong in its derivatives too, and there hard to read.
			const isWrong = counts["not-deterministic"] + counts.fail > 0;
			if (level === order || isWrong || watch.stoppedAt !== null) break;
			const next = random.foldIn(key, -level);
			const derivatives = () =>
				defined.flatMap((problem) =>
					modes.map((mode) => {
						const like = mode === "reverse" ? problem.x : problem.f(problem.x);
						return contracted(derivativeOf(problem, mode, next), like, next);
					}),
				);
			problems = watch.within(derivatives, []);
		}
	} finally {
		watch.close();
	}
	const { stoppedAt } = watch;
	findings.sort(plainFirst);
	return new GradientReport({ counts, findings, agreement, seed, fixed, stoppedAt });
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
	options: AssertOptions = {},
): void {
	checkArgument("assertGradients", "options", options, structure);
	const { accept = [], ...others } = options;
	refuseToAccept("assertGradients", accept);
	const report = checkedAs("assertGradients", f, args, others);
	if (!isAccepted(report, accept)) throw new GradientError(String(report));
}

/** Whether a report is `ok` but for what is accepted. */
export function isAccepted(report: GradientReport, accept: readonly string[]): boolean {
	const isWhole = report.stoppedAt === null;
	const isEnough = isWhole || (accept.includes("unfinished") && report.counts.pass > 0);
	return (
		isEnough && report.findings.every((one) => isHarmless(one) || accept.includes(one.verdict))
	);
}
