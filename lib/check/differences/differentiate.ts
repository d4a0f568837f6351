import type { RoundedEstimate } from "./finite-difference.ts";
import { type Line, type Numeric, unknown, unresolved } from "./line.ts";
import { leastNormal } from "./precision.ts";
import {
	bend,
	boundOf,
	central,
	leap,
	noiseOf,
	oneSided,
	type Slope,
	type Stencil,
	slopeOfSum,
	stencilAt,
} from "./stencil.ts";

/** From one stencil to the next. */
const REFINEMENT = 32;
/** From the best stencil to the one that bears it out. */
const SECOND = 5;
/**
 * A kink is believed after a few stencils; before a derivative is called wrong, all of them are
 * tried.
 */
export const DEPTHS = [6, 20] as const;
/**
 * A quick look suffices when the error is at the level of rounding, or this small beside the
 * derivative.
 */
const GOOD = 1e-7;

/**
 * The derivatives of a line's elements by differences, looking as deep as asked: on a quick look
 * one stencil is evaluated, and null says that it does not settle every element.
 */
export class Differences {
	private readonly line: Line;
	private readonly stencils: Stencil[] = [];
	private readonly others = new Map<number, Stencil>();

	constructor(line: Line) {
		this.line = line;
	}

	/** What one stencil says, if every element is smooth on it. */
	quick(): Numeric[] | null {
		const { line } = this;
		let found: (Numeric | null)[] = [];
		const settled = (stencil: Stencil): boolean => {
			found = Array.from(line.center, (_, j) => settledOn(line, stencil, j));
			return !found.includes(null);
		};
		const stencil = stencilAt(line, line.firstStep, settled);
		return settled(stencil) ? (found as Numeric[]) : null;
	}

	/** The slope of a weighted sum on each stencil by itself, as `slopeOfSum` has it. */
	slopes(weights: ArrayLike<number>): Slope[] {
		return this.stencils.map((stencil) => slopeOfSum(this.line, stencil, weights));
	}

	/** What stencils of ever smaller steps say together. */
	deep(depth: number): Numeric[] {
		const { line, stencils } = this;
		while (stencils.length < depth) {
			const step = line.firstStep / REFINEMENT ** stencils.length;
			if (step < line.leastStep) break;
			stencils.push(stencilAt(line, step));
		}
		const stencilOf = (step: number): Stencil => {
			const known = this.others.get(step) ?? stencilAt(line, step);
			this.others.set(step, known);
			return known;
		};
		return Array.from(line.center, (_, j) => {
			const weighed = weigh(line, stencils, j, stencilOf);
			const reach = reachOn(stencils[0]!, j);
			const terms = Math.max(weighed.terms, reach / line.scale);
			if (stencils.every((stencil) => isConstant(line, stencil, j))) return { ...weighed, terms };
			// Where large steps do not resolve the function, what looks like a kink on them may be none.
			const isAliased =
				weighed.kind !== "smooth" && stencils[0]!.noise[j] === Number.POSITIVE_INFINITY;
			const { noise } = stencils[isAliased ? 0 : stencils.length - 1]!;
			return { ...weighed, terms, reach, noise: noise[j]! };
		});
	}
}

/**
 * The largest size of an element on a stencil, if it is finite: what its terms amount to, where at
 * the point they are 0.
 */
function reachOn({ right, left }: Stencil, j: number): number {
	const sizes = [...right, ...left].map((y) => Math.abs(y[j]!)).filter(Number.isFinite);
	return Math.max(0, ...sizes);
}

function settledOn(line: Line, stencil: Stencil, j: number): Numeric | null {
	if (isConstant(line, stencil, j)) return constant(line, j);
	const slope = central(line, stencil, j);
	const kink = bend(line, stencil, j);
	const good = Math.max(2 * slope.rounding, GOOD * Math.abs(slope.value));
	const smooth = Math.abs(kink.value) <= boundOf(kink) && slope.error <= good;
	return smooth && Number.isFinite(good)
		? numeric(line, j, "smooth", slope, slope, line.firstStep)
		: null;
}

/**
 * Whether the element does not change at all, to the last bit, as most elements do not in a large
 * result.
 */
function isConstant(line: Line, { right, left }: Stencil, j: number): boolean {
	const value = line.center[j]!;
	return right.every((y) => y[j] === value) && left.every((y) => y[j] === value);
}

/** What is said of such an element: a change smaller than its rounding would not show. */
function constant(line: Line, j: number): Numeric {
	const noise = noiseOf(line, line.noiseAt(line.leastStep), j);
	const zero = { value: 0, error: 0, rounding: noise / line.firstStep };
	return numeric(line, j, "smooth", zero, zero, line.firstStep);
}

/**
 * Evidence that something is not 0 at every scale: found on large steps, it may be refuted on
 * smaller ones.
 */
class Evidence {
	private first = 0;
	private times = 0;
	private size = 0;

	/**
	 * The stencil from which on it has been seen; null where it has not been seen, or on a single
	 * one.
	 */
	get since(): number | null {
		return this.times > 1 ? this.first : null;
	}

	consider(stencil: number, seen: RoundedEstimate): void {
		const bound = boundOf(seen);
		const size = Math.abs(seen.value);
		if (Math.max(bound, size) < this.size / 2) {
			this.times = 0;
			this.size = 0;
		}
		if (size > bound) {
			if (this.times++ === 0) this.first = stencil;
			this.size = size;
		}
	}
}

function weigh(
	line: Line,
	all: readonly Stencil[],
	j: number,
	stencilOf: (step: number) => Stencil,
): Numeric {
	if (!Number.isFinite(line.center[j]!)) return unknown;
	if (all.every((stencil) => isConstant(line, stencil, j))) return constant(line, j);
	const stencils = all.filter(
		(stencil) => stencil.steps[0]! >= line.leastTellingStep || !isConstant(line, stencil, j),
	);
	const [kink, leapRight, leapLeft] = [new Evidence(), new Evidence(), new Evidence()];
	for (const [k, stencil] of stencils.entries()) {
		kink.consider(k, bend(line, stencil, j));
		leapRight.consider(k, leap(line, stencil, j, "right"));
		leapLeft.consider(k, leap(line, stencil, j, "left"));
	}
	const jumped = leapRight.since ?? leapLeft.since;
	const since = jumped ?? kink.since;
	if (since === null) {
		const smooth = smoothDerivative(line, stencils, j, stencilOf);
		if (smooth !== null) return smooth;
	}
	const from = stencils.slice(since ?? 0);
	const right = best(from, (stencil) => oneSided(line, stencil, j, "right"));
	const left = best(from, (stencil) => oneSided(line, stencil, j, "left"));
	if (right === null && left === null) {
		return all.some(({ noise }) => noise[j] === Number.POSITIVE_INFINITY) ? unresolved : unknown;
	}
	if (right === null || left === null) {
		const side = (right ?? left)!;
		return numeric(line, j, "edge", side.estimate, side.estimate, side.step);
	}
	const step = Math.min(right.step, left.step);
	const apart = Math.abs(right.estimate.value - left.estimate.value);
	const agree = apart <= boundOf(right.estimate) + boundOf(left.estimate);
	const kind = jumped !== null ? "jump" : agree ? "smooth" : "kink";
	return { ...numeric(line, j, kind, left.estimate, right.estimate, step), seen: from.length };
}

/**
 * The best of the central differences, on stencils smaller than all on which the element is not
 * smooth. It counts once a second stencil of smaller steps bears it out, and the bound covers both;
 * where they contradict each other, the second one is put to the same test.
 */
function smoothDerivative(
	line: Line,
	stencils: readonly Stencil[],
	j: number,
	stencilOf: (step: number) => Stencil,
): Numeric | null {
	const rough = stencils.findLastIndex((stencil) => !isSmooth(line, stencil, j));
	let found = best(stencils.slice(rough + 1), (stencil) => central(line, stencil, j));
	if (found === null) return null;
	let bound = boundOf(found.estimate);
	for (let step = found.step / SECOND; step >= line.leastStep; step /= SECOND) {
		const second = central(line, stencilOf(step), j);
		const apart = Math.abs(second.value - found.estimate.value);
		const secondBound = boundOf(second);
		if (apart <= bound + secondBound) {
			bound = Math.max(bound, apart + secondBound);
			break;
		}
		if (!Number.isFinite(secondBound)) break;
		found = { estimate: second, step };
		bound = secondBound;
	}
	const { estimate, step } = found;
	return { ...numeric(line, j, "smooth", estimate, estimate, step), bound };
}

function isSmooth(line: Line, stencil: Stencil, j: number): boolean {
	const signs = [
		bend(line, stencil, j),
		leap(line, stencil, j, "right"),
		leap(line, stencil, j, "left"),
	];
	return signs.every((sign) => Math.abs(sign.value) <= boundOf(sign));
}

interface Found {
	readonly estimate: RoundedEstimate;
	readonly step: number;
}

/**
 * The estimate with the least bound, if any of them is finite. Where two contradict each other, the
 * one of the smaller steps holds: a derivative is local.
 */
function best(
	stencils: readonly Stencil[],
	estimateOn: (stencil: Stencil) => RoundedEstimate,
): Found | null {
	let found: Found | null = null;
	for (const stencil of stencils) {
		const estimate = estimateOn(stencil);
		const bound = boundOf(estimate);
		if (!Number.isFinite(bound)) continue;
		const known = found === null ? bound : boundOf(found.estimate);
		const contradicts =
			found !== null && Math.abs(estimate.value - found.estimate.value) > known + bound;
		if (found === null || contradicts || bound < known) {
			found = { estimate, step: stencil.steps[0]! };
		}
	}
	return found;
}

function numeric(
	line: Line,
	j: number,
	kind: Numeric["kind"],
	left: RoundedEstimate,
	right: RoundedEstimate,
	step: number,
): Numeric {
	const size = Math.abs(line.center[j]!);
	const epsilon = line.epsilon[j]!;
	const terms = Math.max(size, line.terms[j]!, leastNormal(epsilon) / epsilon);
	return {
		kind,
		left: left.value,
		right: right.value,
		bound: Math.max(boundOf(left), boundOf(right)),
		estimate: Math.max(left.error, right.error),
		step,
		natural: size / line.scale,
		terms: terms / line.scale,
		seen: 1,
		reach: 0,
		noise: 0,
	};
}
