const POINTS = 9;
const LEVEL = 6;
/** (k!)² / (2k)! for k = 6: the variance of a number over that of its k-th differences. */
const GAMMA = (720 * 720) / 479001600;
/**
 * Between neighbouring points, relative to the distance from the centre: what is smooth leaves
 * nothing in 6th differences.
 */
const SPACING = 1e-3;

/** What is seen of each element of a function near a point. */
export interface Nearby {
	/** The standard deviation of its rounding errors; NaN where it is not finite. */
	readonly noise: Float64Array;
	/** How much it changes over a few points that lie close together. */
	readonly change: Float64Array;
	/** How large it is there. */
	readonly size: Float64Array;
}

/**
 * The standard deviation of the rounding errors of each element of `at(t)` near t: from the sixth
 * differences of its values at points that lie close together (J. J. Moré and S. M. Wild,
 * "Estimating computational noise", 2011). Of three places around the centre the middle estimate
 * counts, so that a kink which lies between the points of one does no harm.
 */
export function noiseAround(at: (t: number) => Float64Array, radius: number): Nearby {
	const places = [radius, -radius, radius / 2].map((start) => noiseFrom(at, start));
	const middleOf = (what: keyof Nearby) =>
		places[0]![what].map((_, j) => middle(places.map((place) => place[what][j]!)));
	return { noise: middleOf("noise"), change: middleOf("change"), size: middleOf("size") };
}

function noiseFrom(at: (t: number) => Float64Array, start: number): Nearby {
	const values = Array.from({ length: POINTS }, (_, k) => at(start * (1 + k * SPACING)));
	const [first, last] = [values[0]!, values[POINTS - 1]!];
	const change = first.map((value, j) => Math.abs(last[j]! - value));
	const noise = first.map((_, j) => {
		let differences = values.map((value) => value[j]!);
		for (let level = 0; level < LEVEL; level++) {
			differences = differences.slice(1).map((value, k) => value - differences[k]!);
		}
		const squares = differences.reduce((sum, value) => sum + value * value, 0);
		return Math.sqrt((GAMMA * squares) / differences.length);
	});
	return { noise, change, size: last.map(Math.abs) };
}

/** The middle one of those that are finite; NaN where none is. */
function middle(values: readonly number[]): number {
	const finite = values.filter(Number.isFinite).sort((a, b) => a - b);
	return finite[Math.floor(finite.length / 2)] ?? Number.NaN;
}
