import { type RoundedEstimate, SHRINK, Tableau } from "./finite-difference.ts";
import type { Line } from "./line.ts";
import { leastNormal } from "./precision.ts";

const ROWS = 6;
/** How many standard deviations of rounding a bound allows for. */
export const DEVIATIONS = 10;

/** The values of a function on both sides of the point, at steps that shrink from the first one. */
export interface Stencil {
	readonly steps: readonly number[];
	readonly right: readonly Float64Array[];
	readonly left: readonly Float64Array[];
	/** For each element, the standard deviation of its rounding errors there. */
	readonly noise: Float64Array;
}

/** Evaluates a stencil of six steps, or fewer where `enough` says so. */
export function stencilAt(
	line: Line,
	firstStep: number,
	enough: (stencil: Stencil) => boolean = () => false,
): Stencil {
	const steps: number[] = [];
	const right: Float64Array[] = [];
	const left: Float64Array[] = [];
	const stencil = { steps, right, left, noise: line.noiseAt(firstStep) };
	for (let row = 0; row < ROWS; row++) {
		const step = firstStep / SHRINK ** row;
		steps.push(step);
		right.push(line.at(step));
		left.push(line.at(-step));
		if (row > 0 && enough(stencil)) break;
	}
	return stencil;
}

/** How far an estimate may be off. */
export function boundOf({ error, rounding }: RoundedEstimate): number {
	return 2 * error + DEVIATIONS * rounding;
}

/** The rounding of values of element j: as measured, but at least that of the last operation. */
export function noiseOf(
	line: Line,
	noise: Float64Array,
	j: number,
	...values: readonly number[]
): number {
	const size = Math.max(Math.abs(line.center[j]!), ...values.map(Math.abs));
	const epsilon = line.epsilon[j]!;
	return Math.max(noise[j]!, (epsilon / 2) * size, leastNormal(epsilon));
}

/** The derivative of element j by central differences. */
export function central(line: Line, stencil: Stencil, j: number): RoundedEstimate {
	const tableau = new Tableau(2);
	for (const [row, h] of stencil.steps.entries()) {
		const [right, left] = [stencil.right[row]![j]!, stencil.left[row]![j]!];
		tableau.add((right - left) / (2 * h), noiseOf(line, stencil.noise, j, right, left) / h);
	}
	return tableau.best;
}

/** The derivative on the right less the one on the left: 0 where the function is smooth. */
export function bend(line: Line, stencil: Stencil, j: number): RoundedEstimate {
	const tableau = new Tableau(1);
	for (const [row, h] of stencil.steps.entries()) {
		const [right, left] = [stencil.right[row]![j]!, stencil.left[row]![j]!];
		const sum = right - 2 * line.center[j]! + left;
		tableau.add(sum / h, (3 * noiseOf(line, stencil.noise, j, right, left)) / h);
	}
	return tableau.best;
}

/**
 * The derivative on one side, without the value at the point itself, so that it is that of the
 * piece beside a jump too.
 */
export function oneSided(
	line: Line,
	stencil: Stencil,
	j: number,
	side: "left" | "right",
): RoundedEstimate {
	const tableau = new Tableau(1);
	const values = stencil[side];
	const sign = side === "right" ? 1 : -1;
	for (let row = 0; row + 1 < values.length; row++) {
		const gap = stencil.steps[row]! - stencil.steps[row + 1]!;
		const [far, near] = [values[row]![j]!, values[row + 1]![j]!];
		tableau.add(
			(sign * (far - near)) / gap,
			(1.5 * noiseOf(line, stencil.noise, j, far, near)) / gap,
		);
	}
	return tableau.best;
}

/** The limit on one side less the value at the point: 0 where the function is continuous. */
export function leap(
	line: Line,
	stencil: Stencil,
	j: number,
	side: "left" | "right",
): RoundedEstimate {
	const tableau = new Tableau(1);
	for (const values of stencil[side]) {
		tableau.add(values[j]! - line.center[j]!, 1.5 * noiseOf(line, stencil.noise, j, values[j]!));
	}
	return tableau.best;
}

/** A derivative on one stencil, how far it may be off, and the largest step. */
export interface Slope {
	readonly value: number;
	readonly bound: number;
	readonly step: number;
}

/**
 * The derivative of a weighted sum of the elements, where rounding is as small as it can be: what
 * seems to be noise may be the function itself.
 */
export function slopeOfSum(line: Line, stencil: Stencil, weights: ArrayLike<number>): Slope {
	const quiet = { ...stencil, noise: line.leastNoise };
	let [value, bound] = [0, 0];
	for (let j = 0; j < weights.length; j++) {
		const weight = weights[j]!;
		if (weight === 0) continue;
		const slope = central(line, quiet, j);
		value += weight * slope.value;
		bound += Math.abs(weight) * boundOf(slope);
	}
	return { value, bound, step: stencil.steps[0]! };
}
