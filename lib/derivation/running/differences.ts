import { fractionsFrom } from "../../check/sampling.ts";
import type { DType } from "../../core/dtype.ts";
import type { Movement } from "./executor.ts";
import type { Elements } from "./values.ts";

/**
 * Pairs of steps, relative to the variable: the second half of the first, so that what the square
 * of the step adds is known. The smaller ones are for what is curved much, or has a kink nearby.
 */
const PAIRS = {
	float64: [1e-3, 1e-5, 1e-7],
	float32: [3e-2, 3e-3],
};

/** How far differences that agree may be off, relative to the terms that are summed. */
const TOLERANCE = { float64: 1e-6, float32: 5e-3 };

/** Twice the rounding of a number, with room for that of a few operations. */
const ROUNDING = { float64: 2e-15, float32: 1e-6 };

/** In which precision a program computes. */
export type Precision = keyof typeof PAIRS;

/** What differences say in one direction. */
export type DifferenceVerdict = "agrees" | "differs" | "unclear";

/** The steps of a few pairs, the largest first. */
export function stepsOf(precision: Precision, from = 0, to = Number.POSITIVE_INFINITY): number[] {
	return PAIRS[precision].slice(from, to).flatMap((step) => [step, step / 2]);
}

/** The precision of programs with values of these dtypes. */
export function precisionOf(dtypes: Iterable<DType>): Precision {
	return [...dtypes].includes("float32") ? "float32" : "float64";
}

/** How far each element is moved for a step of 1: about its size, in a random direction. */
export function directionForAll({ values }: Elements, seed: number): Float64Array {
	const numbers = fractionsFrom(seed);
	const typical = typicalSize(values);
	return values.map((x) => {
		const size = Number.isFinite(x) ? Math.max(Math.abs(x), typical) : 0;
		const random = numbers();
		return size * (random < 0.5 ? random - 1 : random);
	});
}

/** Directions along single elements: all of them, or as many at random. */
export function elementDirections(
	{ values }: Elements,
	most: number,
	seed: number,
): Float64Array[] {
	const numbers = fractionsFrom(seed);
	const places = new Set<number>(values.length <= most ? values.keys() : []);
	while (places.size < Math.min(most, values.length)) {
		places.add(Math.floor(numbers() * values.length));
	}
	const typical = typicalSize(values);
	return [...places].flatMap((place) => {
		const size = Math.abs(values[place]!) || typical;
		return Number.isFinite(size) ? [values.map((_, i) => (i === place ? size : 0))] : [];
	});
}

function typicalSize(values: Float64Array): number {
	const finite = values.filter((x) => Number.isFinite(x) && x !== 0);
	if (finite.length === 0) return 1;
	return Math.sqrt(finite.reduce((sum, x) => sum + x * x, 0) / finite.length) || 1;
}

/**
 * Compares a gradient with differences in a direction.
 * @param gradient Σ gradient·direction
 * @param size the root of the sum of squares of those terms
 * @param terms Σ |t·direction| of the terms t that made the gradient, whose rounding it has
 * @param moved what was found at pairs of steps
 * @returns a verdict, and how far off the gradient is
 */
export function judged(
	gradient: number,
	size: number,
	terms: () => number,
	moved: readonly Movement[],
	precision: Precision,
): { verdict: DifferenceVerdict; off: number } {
	let before: { slope: number; noise: number } | null = null;
	for (let i = 0; i + 1 < moved.length; i += 2) {
		const [wide, narrow] = [moved[i]!, moved[i + 1]!];
		const slope = narrow.slope + (narrow.slope - wide.slope) / 3;
		const scale = Math.max(size, narrow.size);
		const allowed = TOLERANCE[precision] * scale;
		const off = Math.abs(slope - gradient);
		let noise = ROUNDING[precision] * narrow.load;
		if (off <= allowed + noise) return { verdict: "agrees", off: 0 };
		if (!Number.isFinite(slope)) continue;
		noise += ROUNDING[precision] * terms();
		if (off <= allowed + noise) return { verdict: "agrees", off: 0 };
		const near = (each: { slope: number; noise: number }) =>
			Math.abs(each.slope - slope) <= 1e-3 * scale + each.noise + noise;
		// Two pairs say the same, which is not what the gradient says, and more than kinks explain.
		const unsure = before === null ? 0 : before.noise + noise + Math.max(narrow.bend, wide.bend);
		if (before !== null && near(before) && off > 10 * unsure) {
			return { verdict: "differs", off: off / (scale || 1) };
		}
		before = { slope, noise };
	}
	return { verdict: "unclear", off: 0 };
}
