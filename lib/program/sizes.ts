/** A number that depends on sizes: the coefficient times the product of (size + offset) ^ power. */
export interface Size {
	readonly coefficient: number;
	readonly factors: readonly SizeFactor[];
}

/** A power of the size of an axis, of one more or less, or of a sum with another one. */
export interface SizeFactor {
	/** The label of the axis. */
	readonly label: string;
	/** Another size that is added or taken off: `N + M`, `L - K + 1`. */
	readonly second?: { readonly label: string; readonly sign: 1 | -1 };
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
		const coefficient = shortened(rest[0]!, rounding);
		if (!factors.every((factor) => isExact(coefficient, factor, points))) continue;
		return { coefficient, factors };
	}
	return null;
}

/** Strides that functions have, by which sizes are divided and rounded. */
export const STRIDES = [2, 3, 5, 7];

/**
 * Whether a sum cannot be a rounded quotient that is exact at these points: ⌊L/2⌋ is (L − 1)/2
 * where all lengths are odd. A whole multiple is none; else two points leave different rests.
 */
function isExact(
	coefficient: number,
	factor: SizeFactor,
	points: readonly ReadonlyMap<string, number>[],
): boolean {
	if (factor.offset === 0 && factor.second === undefined) return true;
	if (factor.power === 1 && Number.isInteger(coefficient)) return true;
	const bases = points.map((sizes) => productOf([{ ...factor, power: 1 }], sizes));
	return STRIDES.every((stride) => bases.some((base) => (base - bases[0]!) % stride !== 0));
}

/** The value of a product of powers. */
export function productOf(
	factors: readonly SizeFactor[],
	sizes: ReadonlyMap<string, number>,
): number {
	return factors.reduce((product, { label, second, offset, power }) => {
		const more = second === undefined ? 0 : second.sign * sizes.get(second.label)!;
		return product * (sizes.get(label)! + more + offset) ** power;
	}, 1);
}

/** The labels of the sizes in a factor. */
export function labelsOf({ label, second }: SizeFactor): string[] {
	return second === undefined ? [label] : [label, second.label];
}

/**
 * The number without the digits that are rounding. One of as many digits as are known, such as ⅓,
 * is no short number that was rounded.
 */
function shortened(x: number, rounding: number): number {
	const most = rounding === 0 ? 15 : -Math.log10(rounding) - 1;
	for (let n = 1; n <= most; n++) {
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
	// What has an offset or is a sum may stand beside two others, as the length of a convolution.
	const pairs = labels.flatMap((a, i) =>
		labels.slice(i + 1).flatMap((b) => [1, -1].map((p) => [factor(a, p), factor(b, p)])),
	);
	for (const label of labels) {
		for (const beside of pairs) {
			for (const power of [1, -1]) {
				const offset = offsetOf(numbers, points, label, power, beside);
				if (offset !== null) yield [...beside, factor(label, power, offset)];
			}
		}
	}
	const singles = labels.flatMap((label) => [[factor(label, 1)], [factor(label, -1)]]);
	for (const beside of [[], ...singles, ...pairs]) yield* sums(numbers, points, labels, beside);
}

/** A greater offset would make a size of what is one by chance. */
const LARGEST_OFFSET = 8;
/** What sums are multiplied by: with any number, too much would look like a sum by chance. */
const COEFFICIENTS = [1, 2, 0.5];

/** Sums and differences of two sizes and a small number, beside other factors. */
function* sums(
	numbers: readonly number[],
	points: readonly ReadonlyMap<string, number>[],
	labels: readonly string[],
	beside: readonly SizeFactor[],
): Generator<SizeFactor[]> {
	// The first point gives the offset; three more tell whether that is more than chance.
	if (points.length < 4) return;
	const rest = numbers[0]! / productOf(beside, points[0]!);
	for (const label of labels) {
		for (const other of labels.filter((each) => each !== label)) {
			for (const sign of label < other ? ([1, -1] as const) : ([-1] as const)) {
				const second = { label: other, sign };
				const without = productOf([{ label, second, offset: 0, power: 1 }], points[0]!);
				for (const coefficient of COEFFICIENTS) {
					for (const power of [1, -1]) {
						const base = Math.abs(rest / coefficient) ** power;
						const offset = Math.round(base) - without;
						const isNear = Math.abs(base - Math.round(base)) <= 1e-6;
						if (isNear && Math.abs(offset) <= LARGEST_OFFSET) {
							yield [...beside, { label, second, offset, power }];
						}
					}
				}
			}
		}
	}
}

/**
 * The small whole number that is added to a size where the first two numbers are that, to a power
 * of 1 or −1, times other factors.
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
	if (whole === 0 || Math.abs(offset - whole) > 1e-6 || Math.abs(whole) > LARGEST_OFFSET)
		return null;
	return points.every((sizes) => sizes.get(label)! + whole > 0) ? whole : null;
}
