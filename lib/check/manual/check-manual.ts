import { structure } from "../../core/argument-kinds.ts";
import { AdjointError, GradientError } from "../../core/error.ts";
import { checkArgument, checkFunction } from "../../core/options.ts";
import { sameShape } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import { Tensor } from "../../core/tensor.ts";
import { concatenated, movedBy, scalesOf } from "../differences/neighborhood.ts";
import { noiseAround } from "../differences/noise.ts";
import { epsilonOf } from "../differences/precision.ts";
import { type Problem, problemOf } from "../differences/problem.ts";
import { indexOf } from "../verdicts/tally.ts";
import { causeOf } from "./manual-causes.ts";
import { ManualReport, type ManualStep } from "./manual-report.ts";
import { type NamedGradient, namedGradients } from "./named-gradients.ts";
import { causeOfStop } from "./stop-causes.ts";

/**
 * The gradients that a backward program gives, by name: `grad_h` is the gradient by the value named
 * `h`.
 */
export type ManualGradients = Readonly<Record<string, Tensor>>;

/** Standard deviations of rounding within which two orders of the same operations agree. */
const DEVIATIONS = 20;
/** How far the point is moved to see rounding at work, relative to its size. */
const NEAR = { float64: 1e-6, float32: 1e-2 };

/**
 * Checks a backward program written by hand against the derived gradients. `f` gives the loss, and
 * names what it computes on the way: `const h = x.dot(w1).as("h")`. `manual` takes the same
 * arguments and returns gradients by name, `grad_h` for the one by `h`, `grad_w1` for the one by
 * the argument whose path ends in `w1`. The report goes through them in backward order; of the
 * first one that is wrong it says where it is worst, and the likely cause.
 * @throws GradientError when `f` does not give a scalar, a name is not known, or a second call
 * gives other gradients
 */
export function checkManual<Args extends readonly unknown[]>(
	f: (...args: Args) => Tensor,
	args: readonly [...Args],
	manual: (...args: Args) => ManualGradients,
): ManualReport {
	return checkedManual("checkManual", f, args, manual);
}

/** @param op the function that was called, for errors to name it */
function checkedManual<Args extends readonly unknown[]>(
	op: string,
	f: (...args: Args) => Tensor,
	args: readonly [...Args],
	manual: (...args: Args) => ManualGradients,
): ManualReport {
	const problem = problemOf(op, f as (...args: never[]) => unknown, args);
	checkFunction(op, manual);
	const derived = namedGradients(problem);
	const again = namedGradients(problem);
	for (const [i, { name, gradient }] of derived.entries()) {
		refuseRandom(op, `grad_${name} as it is derived`, gradient, again[i]!.gradient);
	}
	const bounds = boundsOf(op, problem, derived);
	let [given, givenAgain]: ManualGradients[] = [{}, {}];
	try {
		given = manual(...(args as unknown as Args));
		givenAgain = manual(...(args as unknown as Args));
	} catch (error) {
		if (!(error instanceof AdjointError)) throw error;
		const cause = causeOfStop(error, derived, bounds);
		return new ManualReport([], { message: error.message, cause });
	}
	const byName = { expected: "gradients by name, { grad_w, … }", holds: isThere };
	checkArgument(op, "", given, byName);
	for (const [key, tensor] of Object.entries(given)) refuseRandom(op, key, tensor, givenAgain[key]);
	const asked = Object.entries(given).map(([key, tensor]) => ({
		key,
		tensor,
		...find(op, derived, key),
	}));
	asked.sort((a, b) => b.position - a.position);
	const steps: ManualStep[] = [];
	for (const { key, tensor, ...expected } of asked) {
		const isFirst = steps.every((step) => step.agrees);
		const step = compare(op, key, tensor, expected, bounds.get(expected.name)!);
		const cause =
			step.agrees || !isFirst ? null : causeOf(problem, tensor, expected, derived, step.bound);
		steps.push({ ...step, cause });
	}
	return new ManualReport(steps, null);
}

/**
 * Does what `checkManual` does and throws an error with the report's text unless every gradient
 * agrees.
 * @throws GradientError
 */
export function assertManual<Args extends readonly unknown[]>(
	f: (...args: Args) => Tensor,
	args: readonly [...Args],
	manual: (...args: Args) => ManualGradients,
): void {
	const report = checkedManual("assertManual", f, args, manual);
	if (!report.ok) throw new GradientError(String(report));
}

function isThere(x: unknown): boolean {
	return structure.holds(x) && Object.keys(x as object).length > 0;
}

function find(op: string, derived: readonly NamedGradient[], key: string): NamedGradient {
	const found = derived.find(({ name }) => key === `grad_${name}`);
	if (found !== undefined) return found;
	throw new GradientError(
		`${op}: there is nothing of which ${key} could be the gradient; there are ${derived.map(({ name }) => `grad_${name}`).join(", ")}, and .as("…") names more`,
	);
}

/** @throws GradientError when two calls at the same point gave different gradients */
function refuseRandom(op: string, what: string, first: Tensor, second: unknown): void {
	if (!(first instanceof Tensor && second instanceof Tensor)) return;
	const [a, b] = [elements(first), elements(second)];
	const k = a.findIndex((value, i) => !Object.is(value, b[i]));
	if (k < 0) return;
	throw new GradientError(
		`${op}: ${what} is not deterministic: an element is ${a[k]}, and ${b[k]} at the same point again; pass what is random in as an argument, or fix its key`,
	);
}

/** For each name, how far two ways to compute the gradient may be apart by rounding alone. */
function boundsOf(
	op: string,
	problem: Problem,
	derived: readonly NamedGradient[],
): Map<string, number> {
	const scales = problem.x.map(scalesOf);
	const names = derived.map(({ name }) => name);
	const { dtype } = derived[0]!.gradient;
	const at = (t: number) => {
		const moved = problem.x.map((x, i) => movedBy(x, scales[i]!, t));
		const gradients = namedGradients({ ...problem, x: moved });
		return concatenated(names.map((name) => find(op, gradients, `grad_${name}`).gradient));
	};
	const { noise } = noiseAround(at, NEAR[dtype as "float64" | "float32"]);
	const bounds = new Map<string, number>();
	let start = 0;
	for (const { name, gradient } of derived) {
		const own = noise.subarray(start, start + gradient.size);
		const rounding = Math.max(
			largestOf(own),
			epsilonOf(dtype) * largestOf(concatenated([gradient])),
		);
		bounds.set(name, DEVIATIONS * rounding);
		start += gradient.size;
	}
	return bounds;
}

/** The largest size of the elements that are numbers. */
function largestOf(values: Float64Array): number {
	return values.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
}

function compare(
	op: string,
	key: string,
	given: Tensor,
	expected: NamedGradient,
	bound: number,
): Omit<ManualStep, "cause"> {
	if (!(given instanceof Tensor)) {
		throw new GradientError(`${op}: expected ${key} to be a tensor, got ${typeof given}`);
	}
	const { value, gradient, name } = expected;
	const step = { key, name, bound, shape: given.shape, expectedShape: value.shape };
	if (!sameShape(given.shape, value.shape)) return { ...step, agrees: false, worst: null };
	const [a, b] = [elements(given), elements(gradient)];
	let worst = 0;
	const distance = (k: number) => {
		const apart = Math.abs(a[k]! - b[k]!);
		return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
	};
	for (let k = 1; k < a.length; k++) if (distance(k) > distance(worst)) worst = k;
	if (a.length === 0) return { ...step, agrees: true, worst: null };
	return {
		...step,
		agrees: distance(worst) <= bound,
		worst: { index: indexOf(worst, value.shape), given: a[worst]!, expected: b[worst]! },
	};
}
