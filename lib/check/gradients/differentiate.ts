import type { RoundedEstimate } from "../finite-difference.ts";
import { type Line, type Numeric, unknown } from "./line.ts";
import { bend, boundOf, central, leap, oneSided, type Stencil, stencilAt } from "./stencil.ts";

/** From one stencil to the next. */
const REFINEMENT = 32;
/** A kink is believed after a few stencils; before a derivative is called wrong, all of them are tried. */
export const DEPTHS = [6, 20] as const;
/** A quick look suffices when the error is at the level of rounding, or this small beside the derivative. */
const GOOD = 1e-7;

/**
 * The derivatives of a line's elements by differences, looking as deep as asked: on a quick look one stencil is evaluated, and
 * null says that it does not settle every element.
 */
export class Differences {
	private readonly line: Line;
	private readonly stencils: Stencil[] = [];

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

	/** What stencils of ever smaller steps say together. */
	deep(depth: number): Numeric[] {
		const { line, stencils } = this;
		while (stencils.length < depth) {
			const step = line.firstStep / REFINEMENT ** stencils.length;
			if (step < line.leastStep) break;
			stencils.push(stencilAt(line, step));
		}
		return Array.from(line.center, (_, j) => weigh(line, stencils, j));
	}
}

function settledOn(line: Line, stencil: Stencil, j: number): Numeric | null {
	if (isConstant(line, stencil, j)) return constant(line, j);
	const slope = central(line, stencil, j);
	const kink = bend(line, stencil, j);
	const good = Math.max(2 * slope.rounding, GOOD * Math.abs(slope.value));
	const smooth = Math.abs(kink.value) <= boundOf(kink) && slope.error <= good;
	return smooth ? numeric(line, j, "smooth", slope, slope, line.firstStep) : null;
}

/** Whether the element does not change at all, to the last bit, as most elements do not in a large result. */
function isConstant(line: Line, { right, left }: Stencil, j: number): boolean {
	const value = line.center[j]!;
	return right.every((y) => y[j] === value) && left.every((y) => y[j] === value);
}

/** What is said of such an element: a change smaller than its rounding would not show. */
function constant(line: Line, j: number): Numeric {
	const noise = Math.max(line.noise[j]!, (line.epsilon[j]! / 2) * Math.abs(line.center[j]!));
	const zero = { value: 0, error: 0, rounding: noise / line.firstStep };
	return numeric(line, j, "smooth", zero, zero, line.firstStep);
}

/** Evidence that something is not 0 at every scale: found on large steps, it may be refuted on smaller ones. */
class Evidence {
	/** The stencil from which on it has been seen; null while it has not. */
	since: number | null = null;
	private size = 0;

	consider(stencil: number, seen: RoundedEstimate): void {
		const bound = boundOf(seen);
		const size = Math.abs(seen.value);
		if (Math.max(bound, size) < this.size / 2) {
			this.since = null;
			this.size = 0;
		}
		if (size > bound) {
			this.since ??= stencil;
			this.size = size;
		}
	}
}

function weigh(line: Line, all: readonly Stencil[], j: number): Numeric {
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
		const smooth = smoothDerivative(line, stencils, j);
		if (smooth !== null) return smooth;
	}
	const from = stencils.slice(since ?? 0);
	const right = best(from, (stencil) => oneSided(line, stencil, j, "right"));
	const left = best(from, (stencil) => oneSided(line, stencil, j, "left"));
	if (right === null && left === null) return unknown;
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

/** The best of the central differences, on stencils on which the element is smooth. */
function smoothDerivative(line: Line, stencils: readonly Stencil[], j: number): Numeric | null {
	const smooth = stencils.filter((stencil) => isSmooth(line, stencil, j));
	const found = best(smooth, (stencil) => central(line, stencil, j));
	if (found === null) return null;
	return numeric(line, j, "smooth", found.estimate, found.estimate, found.step);
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
 * The estimate with the least bound, if any of them is finite. Where two contradict each other, the one of the smaller steps holds:
 * a derivative is local.
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
	const terms = Math.max(size, line.noise[j]! / line.epsilon[j]!);
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
	};
}
