/** A point on the line: how far along, the function's value and its slope there. */
export interface Point {
	readonly t: number;
	readonly value: number;
	readonly slope: number;
}

/** How much of the decrease that the slope promises is asked for. */
export const DECREASE = 1e-4;
/** What part of the slope may be left. */
export const CURVATURE = 0.9;
/** How often the function is evaluated at most. */
export const EVALUATIONS = 25;

/**
 * A step along a line of descent that satisfies the strong Wolfe conditions: the value falls by a
 * part of what the slope promised, and the slope by a tenth at least (J. Nocedal and S. J. Wright,
 * "Numerical optimization", 2006, algorithms 3.5 and 3.6). After 25 evaluations the best point so
 * far will do; null when none is better than the start. A value that is not finite counts as too
 * far along.
 */
export function lineSearch<P extends Point>(
	evaluate: (t: number) => P,
	start: Point,
	first: number,
): P | null {
	let left = EVALUATIONS;
	const at = (t: number) => {
		left--;
		return evaluate(t);
	};
	const tooHigh = (p: Point) => !(p.value <= start.value + DECREASE * p.t * start.slope);
	const flat = (p: Point) => Math.abs(p.slope) <= -CURVATURE * start.slope;

	/** Between a point that will do but for its slope, and one on the other side of a minimum. */
	const zoom = (from: P | null, to: Point): P | null => {
		let [best, low, high] = [from, from ?? start, to];
		while (left > 0 && low.t !== high.t) {
			const p = at(between(low, high));
			if (tooHigh(p) || p.value >= low.value) {
				high = p;
				continue;
			}
			if (flat(p)) return p;
			if (p.slope * (high.t - low.t) >= 0) high = low;
			best = low = p;
		}
		return best;
	};

	let before: P | null = null;
	let t = first;
	while (left > 0) {
		const p = at(t);
		if (tooHigh(p) || (before !== null && p.value >= before.value)) return zoom(before, p);
		if (flat(p)) return p;
		if (p.slope >= 0) return zoom(p, before ?? start);
		before = p;
		t *= 2;
	}
	return before;
}

/**
 * Where the cubic through both values and slopes has its minimum; the middle if that is no use or
 * too near to an end.
 */
function between(a: Point, b: Point): number {
	const middle = (a.t + b.t) / 2;
	const width = b.t - a.t;
	const d = a.slope + b.slope - (3 * (b.value - a.value)) / width;
	const root = Math.sqrt(d * d - a.slope * b.slope) * Math.sign(width);
	const t = b.t - (width * (b.slope + root - d)) / (b.slope - a.slope + 2 * root);
	// Of a value that is not finite comes NaN, which fails this test too.
	return Math.abs(t - middle) <= 0.4 * Math.abs(width) ? t : middle;
}
