import { elements } from "../../core/strided.ts";
import type { Tensor } from "../../core/tensor.ts";
import * as random from "../../random/index.ts";
import type { ElementPlace } from "../differences/neighborhood.ts";
import type { Mode, Problem } from "../differences/problem.ts";
import { isCertain } from "./compare.ts";
import { type Comparison, Examination } from "./examine.ts";
import { firstCalls } from "./first-calls.ts";
import { Kinks } from "./kinks.ts";
import { likelyCause } from "./likely-cause.ts";
import { tracedElement } from "./localize.ts";
import type { CheckOptions } from "./options.ts";
import { unlessRefused } from "./rounding.ts";
import { AT_SECOND_POINT, atSecondPoint } from "./second-point.ts";
import { noCounts, type PlacedComparison, Tally } from "./tally.ts";
import { comparedWithTies } from "./ties.ts";
import type { Watch } from "./watch.ts";

const FIRST_ORDER_ELEMENTS = 2048;
const HIGHER_ORDER_ELEMENTS = 64;
const DIRECTIONS = 4;
/** Where a direction leads across kinks, so many elements move one by one. */
const SAMPLED_ELEMENTS = 32;

/** What comes of comparing the derivatives of a problem. */
interface Checked extends ReturnType<Tally["close"]> {
	/** Whether it has derivatives at the point at all. */
	readonly isDefined: boolean;
}

/** Compares the derivatives of one problem with differences, and counts what comes of it. */
export function checkProblem(
	problem: Problem,
	modes: readonly Mode[],
	options: CheckOptions,
	key: Tensor,
	watch: Watch,
): Checked {
	watch.at(`order ${problem.made.length + 1}`);
	const { examination, findings } = firstCalls(problem, modes, key);
	const isDefined = examination !== null;
	const tally = new Tally(problem, examination?.derivative.results ?? [], (leaf, result, mode) =>
		isDefined && watch.until === null
			? watch.within(() => likelyCause(examination, leaf, result, mode, key), null)
			: null,
	);
	for (const place of findings) tally.add(place);
	if (isDefined && findings.length === 0 && !passesAtOnce(examination, tally, key)) {
		watch.within(() => compareEach(examination, tally, modes, options, key, watch), undefined);
	}
	return { ...tally.close(), isDefined };
}

/**
 * What fails at a second point, of a problem that is confirmed at its own: one direction tells, and
 * what fails in it is then looked for element by element. null: nothing does.
 */
export function failuresNearby(
	problem: Problem,
	modes: readonly Mode[],
	options: CheckOptions,
	key: Tensor,
	watch: Watch,
): ReturnType<Tally["close"]> | null {
	watch.at("a second point nearby");
	const second = atSecondPoint(problem, key);
	const isWrong = unlessRefused(() => {
		const examination = new Examination(second, modes, key);
		const directions = problem.x.map((_, leaf) =>
			randomDirection(examination, leaf, random.foldIn(key, leaf)),
		);
		return examination.everything(directions).some(isSmoothFailure);
	});
	if (isWrong !== true) return null;
	const found = unlessRefused(() => checkProblem(second, modes, options, key, watch));
	if (found === null || found.counts.fail === 0) return null;
	const findings = found.findings.filter(({ verdict }) => verdict === "fail");
	return {
		counts: { ...noCounts(), fail: found.counts.fail },
		findings: findings.map((finding) => ({ ...finding, cause: AT_SECOND_POINT })),
		agreement: 0,
	};
}

/** Compares argument by argument, and in a small one element by element. */
function compareEach(
	examination: Examination,
	tally: Tally,
	modes: readonly Mode[],
	options: CheckOptions,
	key: Tensor,
	watch: Watch,
): void {
	const { problem } = examination;
	const order = `order ${problem.made.length + 1}`;
	const kinks = new Kinks(examination, modes, key);
	const limit = problem.made.length === 0 ? FIRST_ORDER_ELEMENTS : HIGHER_ORDER_ELEMENTS;
	const most = options.elements ?? limit / problem.x.length;
	const places: ElementPlace[] = [];
	for (const [leaf, { size }] of problem.x.entries()) {
		const drawn = random.foldIn(key, leaf);
		watch.at(`${order}, ${problem.inputs[leaf]}`);
		const tried =
			size <= most
				? Array.from({ length: size }, (_, i) => i)
				: alongDirections(examination, tally, leaf, options.directions ?? DIRECTIONS, drawn);
		for (const element of tried) places.push({ leaf, element });
	}
	const compareAt = (at: readonly ElementPlace[]) => {
		const [{ leaf, element }] = at as [ElementPlace];
		watch.at(`${order}, ${problem.inputs[leaf]}, element ${element}`);
		return kinks.compareAt(at);
	};
	for (const { places: at, comparisons } of comparedWithTies(problem.x, places, compareAt)) {
		const [{ leaf, element }] = at as [ElementPlace];
		if (at.length === 1) addAll(tally, { leaf, element }, comparisons);
		else addAll(tally, { leaf: null, element: null, tied: at }, comparisons);
		if (watch.isFound(comparisons)) return;
	}
}

/**
 * Whether a second derivative is confirmed in one direction in which everything moves: its first
 * derivatives have passed one by one. In single precision a small part could hide in that sum.
 */
function passesAtOnce(examination: Examination, tally: Tally, key: Tensor): boolean {
	const { problem, neighborhood } = examination;
	const size = problem.x.reduce((sum, x) => sum + x.size, 0);
	const isSmall = neighborhood.isSingle && size <= FIRST_ORDER_ELEMENTS;
	if (problem.made.length === 0 || size === 0 || isSmall) return false;
	const drawn = problem.x.map((_, leaf) => random.foldIn(random.foldIn(key, leaf), DIRECTIONS));
	const directions = drawn.map((one, leaf) => randomDirection(examination, leaf, one));
	const comparisons = examination.everything(directions);
	if (!comparisons.every(isConfirmed)) return false;
	addAll(tally, { leaf: null, element: null }, comparisons);
	return true;
}

/**
 * Compares along random directions of an argument, and gives the elements that are to be tried one
 * by one because one of the directions does not pass.
 */
function alongDirections(
	examination: Examination,
	tally: Tally,
	leaf: number,
	count: number,
	key: Tensor,
): Iterable<number> {
	for (let k = 0; k < count; k++) {
		const drawn = random.foldIn(key, k);
		const direction = randomDirection(examination, leaf, drawn);
		const comparisons = examination.direction(leaf, direction);
		if (comparisons.every(isConfirmed)) {
			addAll(tally, { leaf, element: null }, comparisons);
			continue;
		}
		// What disagrees, perhaps by rounding, is no matter of kinks, and not left to a few elements.
		addAll(tally, { leaf, element: null }, comparisons.filter(isUndecided));
		const traced = (isSo: (comparison: Comparison) => boolean) =>
			comparisons.some(isSo) ? tracedElement(examination, leaf, direction, isSo) : null;
		const failing = comparisons.some(isSmoothFailure) ? traced(isFailure) : null;
		if (failing !== null) return [failing];
		const kinked = traced(isAtKink);
		const sampled = sampledElements(direction.length, drawn);
		return kinked === null ? sampled : new Set([kinked, ...sampled]);
	}
	return [];
}

function randomDirection(
	{ problem, neighborhood }: Examination,
	leaf: number,
	key: Tensor,
): Float64Array {
	const unit = elements(random.uniform(key, problem.x[leaf]!.shape, { low: -1, high: 1 }));
	return neighborhood.scales[leaf]!.map((scale, i) => scale * unit[i]!);
}

function isConfirmed({ verdict, numeric }: Comparison): boolean {
	return verdict === "pass" && isCertain(numeric);
}

function isUndecided({ verdict }: Comparison): boolean {
	return verdict === "ill-conditioned";
}

function isFailure({ verdict }: Comparison): boolean {
	return verdict === "fail";
}

function isAtKink({ numeric }: Comparison): boolean {
	return numeric.kind === "kink" || numeric.kind === "jump";
}

function isSmoothFailure({ verdict, numeric }: Comparison): boolean {
	return verdict === "fail" && numeric.kind === "smooth";
}

function addAll(
	tally: Tally,
	place: Omit<PlacedComparison, "comparison">,
	comparisons: readonly Comparison[],
): void {
	for (const comparison of comparisons) tally.add({ ...place, comparison });
}

/**
 * Some elements to move one by one, where a direction that does not pass leads to no element that
 * fails: it crosses kinks, and the derivatives on its two sides do not bracket those of its
 * elements.
 */
function sampledElements(size: number, key: Tensor): Iterable<number> {
	return new Set(elements(random.randint(key, [SAMPLED_ELEMENTS], 0, size)));
}
