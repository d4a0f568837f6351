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

/**
 * Values at steps h, h/1.6, h/1.6², … extrapolated to step 0 (Ridders' method: C. J. F. Ridders,
 * "Accurate computation of F′(x) and F′(x)F″(x)", 1982). The entry of the tableau that differs
 * least from the neighbours before it is the best; the difference, which is the error of a
 * neighbour rather than of the entry itself, is the estimate of its error. Rounding is carried
 * through the weights of the extrapolation.
 */
export class Tableau {
	/** The best entry so far; with fewer than two values its error is infinite. */
	best: RoundedEstimate = { value: Number.NaN, error: Number.POSITIVE_INFINITY, rounding: 0 };
	private readonly power: 1 | 2;
	private values: number[] = [];
	private roundings: number[] = [];

	/** @param power 2 where the value is even in the step, as central differences are; else 1. */
	constructor(power: 1 | 2) {
		this.power = power;
	}

	/** Adds the value at the next step. */
	add(first: number, rounding: number): void {
		const values = [first];
		const roundings = [rounding];
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
			if (error + noise <= this.best.error + this.best.rounding) {
				this.best = { value, error, rounding: noise };
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
