import { pushforward } from "../../lib/autodiff/forward.ts";
import { linearizationOf } from "../../lib/autodiff/linearization.ts";
import { pullback } from "../../lib/autodiff/reverse.ts";
import { orZeros } from "../../lib/autodiff/run.ts";
import { innerProduct, nearIn, randomDirection } from "../../lib/check/derivatives.ts";
import { SHRINK, Tableau } from "../../lib/check/differences/finite-difference.ts";
import { checkGradients } from "../../lib/check/gradients.ts";
import { law } from "../../lib/check/law.ts";
import type { RandomProgram } from "../../lib/check/random-program.ts";
import type { Draw } from "../../lib/core/op.ts";
import type { Tensor } from "../../lib/core/tensor.ts";
import { add, jvp, mul, vjp } from "../../lib/index.ts";

/**
 * How the derivatives of a program were confirmed: along a line, or where differences along it do
 * not agree by `checkGradients`. Or why they were not, though nothing is wrong with them.
 */
export type Outcome =
	| "along a line"
	| "by checkGradients"
	| "at a kink"
	| "undecided"
	| "values not finite";

/** All outcomes, in the order in which they are told. */
export const outcomes: readonly Outcome[] = [
	"along a line",
	"by checkGradients",
	"at a kink",
	"undecided",
	"values not finite",
];

type Tensors = readonly Tensor[];
type Sum = ReturnType<typeof innerProduct>;

/** Two modes differ by rounding only: some 800 times the most seen in 3,000 programs. */
const MODES_TOLERANCE = 1e-12;
/** What differences resolve, relative to the terms: some 100 times the most that they were off. */
const [FIRST_TOLERANCE, SECOND_TOLERANCE] = [1e-10, 1e-8];
/** The steps of the differences: the largest, and how many are tried at least and at most. */
const [FIRST_STEP, FEWEST, MOST] = [0.02, 3, 6];

/**
 * Throws unless the first and the second derivatives of a program are right along a random line,
 * with a random cotangent: reverse and forward mode agree, so do their four combinations, element
 * by element where they give gradients, and extrapolated differences of the values agree with both
 * orders. What differences along the line do not confirm, `checkGradients` has to judge.
 */
export function judgeDerivatives(
	{ run, args }: Pick<RandomProgram, "run" | "args">,
	draw: Draw,
): Outcome {
	const v = args.map((x) => randomDirection(x, draw));
	const plain = recorded(run, args);
	const u = plain.values.map((y) => randomDirection(y, draw));
	const value = innerProduct(u, plain.values);
	if (!Number.isFinite(value.size)) return "values not finite";
	const first = innerProduct(u, plain.push(v));
	agree("reverse mode", innerProduct(plain.pull(u), v), "forward mode", first);

	const ahead = recorded((x) => jvp(run, x, v)[1], args);
	const back = recorded((x) => vjp(run, x)[1](u), args);
	const second = innerProduct(u, ahead.push(v));
	const product = back.push(v);
	agree("forward over reverse mode", innerProduct(product, v), "forward over forward mode", second);
	for (const [name, gradient] of [
		["reverse over forward mode", ahead.pull(u)],
		["reverse over reverse mode", back.pull(v)],
	] as const) {
		for (const [i, part] of gradient.entries()) {
			const what = `beside forward over reverse mode, an element for argument ${i + 1}`;
			nearIn(name, what, part, product[i]!, MODES_TOLERANCE);
		}
	}

	const along = (t: number) => innerProduct(u, run(args.map((x, i) => add(x, mul(v[i]!, t))))).sum;
	return isConfirmed(along, value, first, second) ? "along a line" : judgeWhole(run, args);
}

/** A function at a point, recorded once for both modes. */
function recorded(f: (x: Tensors) => Tensors, x: Tensors) {
	const graph = linearizationOf(x, f);
	return {
		values: graph.values,
		push: (v: Tensors) => orZeros(pushforward(graph, v), graph.values),
		pull: (u: Tensors) => orZeros(pullback(graph, u), x),
	};
}

function agree(name: string, actual: Sum, other: string, expected: Sum): void {
	const size = Math.max(1, actual.size, expected.size);
	law(
		Math.abs(actual.sum - expected.sum) <= MODES_TOLERANCE * size,
		name,
		`it gives ${actual.sum}, ${other} ${expected.sum}`,
	);
}

/**
 * Whether differences of a function at smaller and smaller steps come to the derivatives at 0 that
 * are given. One set of values serves both orders.
 */
function isConfirmed(f: (t: number) => number, value: Sum, first: Sum, second: Sum): boolean {
	const [slope, curvature] = [new Tableau(2), new Tableau(2)];
	const size = Math.max(1, value.size, first.size);
	const isNear = (given: Sum, { best }: Tableau, tolerance: number) =>
		Math.abs(given.sum - best.value) <= tolerance * Math.max(size, given.size);
	for (let row = 1, step = FIRST_STEP; row <= MOST; row++, step /= SHRINK) {
		const [right, left] = [f(step), f(-step)];
		slope.add((right - left) / (2 * step), 0);
		curvature.add((right - 2 * value.sum + left) / (step * step), 0);
		const isEnough =
			row >= FEWEST &&
			isNear(first, slope, FIRST_TOLERANCE) &&
			isNear(second, curvature, SECOND_TOLERANCE);
		if (isEnough) return true;
	}
	return false;
}

/** What the whole check says, element by element and with bounds that follow from the function. */
function judgeWhole(run: RandomProgram["run"], args: Tensors): Outcome {
	const report = checkGradients((...x: Tensors) => run(x), args, { progress: false });
	const { counts, ok } = report;
	law(counts.fail + counts["not-deterministic"] === 0, "the program", String(report));
	if (!ok) return "undecided";
	return counts["at-kink"] > 0 ? "at a kink" : "by checkGradients";
}
