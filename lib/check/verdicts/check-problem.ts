import { elements } from "../../core/strided.ts";
import type { Tensor } from "../../core/tensor.ts";
import * as random from "../../random/index.ts";
import type { Mode, Problem } from "../differences/problem.ts";
import { isCertain } from "./compare.ts";
import { type Comparison, Examination } from "./examine.ts";
import { Kinks } from "./kinks.ts";
import { likelyCause } from "./likely-cause.ts";
import { failingElement } from "./localize.ts";
import type { CheckOptions } from "./options.ts";
import { differencesOfCalls } from "./repeat.ts";
import { AT_SECOND_POINT, atSecondPoint, unlessRefused } from "./second-point.ts";
import { noCounts, Tally } from "./tally.ts";
import type { Watch } from "./watch.ts";

const FIRST_ORDER_ELEMENTS = 2048;
const HIGHER_ORDER_ELEMENTS = 64;
const DIRECTIONS = 4;
/** Where a direction leads across kinks, so many elements move one by one. */
const SAMPLED_ELEMENTS = 32;

/** Compares the derivatives of one problem with differences, and counts what comes of it. */
export function checkProblem(
	problem: Problem,
	modes: readonly Mode[],
	options: CheckOptions,
	key: Tensor,
	watch: Watch,
): ReturnType<Tally["close"]> {
	const order = `order ${problem.made.length + 1}`;
	watch.at(order);
	const examination = new Examination(problem, modes, key);
	const tally = new Tally(problem, examination.derivative.results, (leaf, result, mode) =>
		watch.until === null
			? watch.within(() => likelyCause(examination, leaf, result, mode, key), null)
			: null,
	);
	const differing = differencesOfCalls(examination, modes, key);
	for (const place of differing) tally.add(place);
	if (differing.length > 0 || passesAtOnce(examination, tally, key)) return tally.close();
	watch.within(() => compareEach(examination, tally, modes, options, key, watch), undefined);
	return tally.close();
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
	for (const [leaf, { size }] of problem.x.entries()) {
		const drawn = random.foldIn(key, leaf);
		watch.at(`${order}, ${problem.inputs[leaf]}`);
		const tried =
			size <= most
				? Array.from({ length: size }, (_, i) => i)
				: alongDirections(examination, tally, leaf, options.directions ?? DIRECTIONS, drawn);
		for (const i of tried) {
			watch.at(`${order}, ${problem.inputs[leaf]}, element ${i}`);
			const comparisons = kinks.excuse(leaf, i, examination.element(leaf, i));
			addAll(tally, leaf, i, comparisons);
			if (watch.isFound(comparisons)) return;
		}
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
	addAll(tally, null, null, comparisons);
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
			addAll(tally, leaf, null, comparisons);
			continue;
		}
		// What disagrees, perhaps by rounding, is no matter of kinks, and not left to a few elements.
		addAll(tally, leaf, null, comparisons.filter(isUndecided));
		const fails = comparisons.some(isSmoothFailure);
		const failing = fails ? failingElement(examination, leaf, direction) : null;
		return failing === null ? sampledElements(direction.length, drawn) : [failing];
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

function isSmoothFailure({ verdict, numeric }: Comparison): boolean {
	return verdict === "fail" && numeric.kind === "smooth";
}

function addAll(
	tally: Tally,
	leaf: number | null,
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
