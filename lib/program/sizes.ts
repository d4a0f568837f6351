/** A number that depends on sizes: the coefficient times the product of (size + offset) ^ power. */
export interface Size {
	readonly coefficient: number;
	readonly factors: readonly SizeFactor[];
}

/** A power of the size of an axis, or of one more or less. */
export interface SizeFactor {
	/** The label of the axis. */
	readonly label: string;
	readonly offset: number;
	/** A half is a square root. */
	readonly power: number;
}

/**
 * A number as a product of powers of sizes, from what it is at several sizes: 0.4, 2/11 and 2/17 at
 * N = 5, 11 and 17 are 2/N. Null where no such product gives them all.
 * @param points the sizes that each number belongs to, by label
 * @param rounding how far off the numbers may be, relative to themselves
 */
export function readSize(
	numbers: readonly number[],
	points: readonly ReadonlyMap<string, number>[],
	rounding: number,
): Size | null {
	const [first] = numbers as [number];
	if (!numbers.every((x) => Number.isFinite(x) && x * first > 0)) return null;
	for (const factors of candidates(numbers, points)) {
		const rest = numbers.map((x, at) => x / productOf(factors, points[at]!));
		if (!rest.every((x) => Math.abs(x - rest[0]!) <= rounding * Math.abs(rest[0]!))) continue;
		return { coefficient: shortened(rest[0]!, rounding), factors };
	}
	return null;
}

/** The value of a product of powers. */
export function productOf(
	factors: readonly SizeFactor[],
	sizes: ReadonlyMap<string, number>,
): number {
	return factors.reduce(
		(product, { label, offset, power }) => product * (sizes.get(label)! + offset) ** power,
		1,
	);
}

/** The number without the digits that are rounding. */
function shortened(x: number, rounding: number): number {
	for (let n = 1; n <= 15; n++) {
		const short = Number(x.toPrecision(n));
		if (Math.abs(short - x) <= rounding * Math.abs(x)) return short;
	}
	return x;
}

const POWERS = [1, -1, -0.5, 0.5, 2, -2];
/** With more axes than this, products of all subsets would be too many. */
const MOST_TOGETHER = 8;

/** Products that numbers in programs are made of, the usual ones first. */
function* candidates(
	numbers: readonly number[],
	points: readonly ReadonlyMap<string, number>[],
): Generator<SizeFactor[]> {
	const labels = [...points[0]!.keys()];
	const factor = (label: string, power: number, offset = 0) => ({ label, offset, power });
	// One number all over, but for rounding.
	yield [];
	for (const label of labels) for (const p of POWERS) yield [factor(label, p)];
	for (const [i, a] of labels.entries()) {
		for (const b of labels.slice(i + 1)) {
			for (const p of POWERS) for (const q of POWERS) yield [factor(a, p), factor(b, q)];
		}
	}
	for (const label of labels) {
		const others = labels.flatMap((other) => [[factor(other, 1)], [factor(other, -1)]]);
		for (const beside of [[], ...others]) {
			for (const power of [1, -1]) {
				const offset = offsetOf(numbers, points, label, power, beside);
				if (offset !== null) yield [...beside, factor(label, power, offset)];
			}
		}
	}
	if (labels.length > MOST_TOGETHER) return;
	for (let subset = 0; subset < 2 ** labels.length; subset++) {
		const together = labels.filter((_, i) => (subset >> i) & 1);
		if (together.length < 3) continue;
		for (const p of [1, -1]) yield together.map((label) => factor(label, p));
	}
}

/**
 * The whole number that is added to a size where the first two numbers are that, to a power of 1 or
 * −1, times other factors.
 */
function offsetOf(
	numbers: readonly number[],
	points: readonly ReadonlyMap<string, number>[],
	label: string,
	power: number,
	beside: readonly SizeFactor[],
): number | null {
	if (points.length < 2) return null;
	const at = (i: number) => (numbers[i]! / productOf(beside, points[i]!)) ** power;
	const [a, b] = [at(0), at(1)];
	const [m, n] = [points[0]!.get(label)!, points[1]!.get(label)!];
	// a : b = (m + offset) : (n + offset)
	const offset = (a * n - b * m) / (b - a);
	const whole = Math.round(offset);
	return whole !== 0 && Math.abs(offset - whole) <= 1e-6 ? whole : null;
}
