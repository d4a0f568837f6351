/** A derivative found by differences, with an estimate of its absolute error. */
export interface Estimate {
	readonly value: number;
	readonly error: number;
}

const STEPS = 6;
const SHRINK = 1.6;

/**
 * φ′(0) by central differences of shrinking step, extrapolated to step 0 (Ridders' method: C. J. F. Ridders, "Accurate
 * computation of F′(x) and F′(x)F″(x)", 1982). The entry of the tableau that differs least from its neighbours is
 * returned; the difference is the estimate of its error.
 */
export function differentiateAtZero(phi: (t: number) => number, firstStep = 0.02): Estimate {
	let best: Estimate = { value: Number.NaN, error: Number.POSITIVE_INFINITY };
	let previous: number[] = [];
	let step = firstStep;
	for (let row = 0; row < STEPS; row++, step /= SHRINK) {
		const entries = [(phi(step) - phi(-step)) / (2 * step)];
		let factor = 1;
		for (let column = 1; column <= row; column++) {
			factor *= SHRINK * SHRINK;
			const coarse = previous[column - 1]!;
			const fine = entries[column - 1]!;
			const value = (factor * fine - coarse) / (factor - 1);
			const error = Math.max(Math.abs(value - fine), Math.abs(value - coarse));
			if (error <= best.error) best = { value, error };
			entries.push(value);
		}
		previous = entries;
	}
	return best;
}
