/** A derivative found by differences, with an estimate of its absolute error. */
export interface Estimate {
	readonly value: number;
	readonly error: number;
}

/**
 * An estimate that also says how far rounding of the function may have moved it: one standard
 * deviation.
 */
export interface RoundedEstimate extends Estimate {
	readonly rounding: number;
}

const STEPS = 6;

/** Each step is the one before divided by this. */
export const SHRINK = 1.6;

/** Values settle if each moves by less than this part of the move before, but for rounding. */
const CLOSER = 0.8;
/** So often they may fail to: where two terms of a series cancel once. */
const FEW = 1;
/** An error this small beside all moves is no coincidence. */
const COINCIDENCE = 1e-3;

/**
 * Values at steps h, h/1.6, h/1.6², … extrapolated to step 0 (Ridders' method: C. J. F. Ridders,
 * "Accurate computation of F′(x) and F′(x)F″(x)", 1982). The entry of the tableau that differs
 * least from the neighbours before it is the best; the difference, which is the error of a
 * neighbour rather than of the entry itself, is the estimate of its error. Where the values do not
 * settle from step to step, as among many small kinks, a small difference may be chance: then the
 * estimate is no less than the largest of their moves. Rounding is carried through the weights of
 * the extrapolation.
 */
export class Tableau {
	private readonly power: 1 | 2;
	private closest: RoundedEstimate = {
		value: Number.NaN,
		error: Number.POSITIVE_INFINITY,
		rounding: 0,
	};
	private values: number[] = [];
	private roundings: number[] = [];
	/** The last move from step to step, and the largest. */
	private move = Number.POSITIVE_INFINITY;
	private largestMove = 0;
	/** How often a move was not shorter than the one before. */
	private leaps = 0;

	/** @param power 2 where the value is even in the step, as central differences are; else 1. */
	constructor(power: 1 | 2) {
		this.power = power;
	}

	/** The best entry so far; with fewer than two values its error is infinite. */
	get best(): RoundedEstimate {
		const { closest, leaps, largestMove } = this;
		const isChance = leaps > FEW && closest.error > COINCIDENCE * largestMove;
		return isChance ? { ...closest, error: Math.max(closest.error, largestMove) } : closest;
	}

	/** Adds the value at the next step. */
	add(first: number, rounding: number): void {
		const values = [first];
		const roundings = [rounding];
		if (this.values.length > 0) {
			const move = Math.abs(first - this.values[0]!);
			if (move > CLOSER * this.move + rounding + this.roundings[0]!) this.leaps++;
			this.largestMove = Math.max(this.largestMove, move);
			this.move = move;
		}
		let factor = 1;
		for (let column = 1; column <= this.values.length; column++) {
			factor *= SHRINK ** this.power;
			const coarse = this.values[column - 1]!;
			const fine = values[column - 1]!;
			const value = (factor * fine - coarse) / (factor - 1);
			const noise = (factor * roundings[column - 1]! + this.roundings[column - 1]!) / (factor - 1);
			const above = this.values[column] ?? value;
			const error = Math.max(
				Math.abs(value - fine),
				Math.abs(value - coarse),
				Math.abs(value - above),
			);
			if (error + noise <= this.closest.error + this.closest.rounding) {
				this.closest = { value, error, rounding: noise };
			}
			values.push(value);
			roundings.push(noise);
		}
		this.values = values;
		this.roundings = roundings;
	}
}

/** φ′(0) by central differences of shrinking step, extrapolated to step 0. */
export function differentiateAtZero(phi: (t: number) => number, firstStep = 0.02): Estimate {
	const tableau = new Tableau(2);
	let step = firstStep;
	for (let row = 0; row < STEPS; row++, step /= SHRINK) {
		tableau.add((phi(step) - phi(-step)) / (2 * step), 0);
	}
	return tableau.best;
}
