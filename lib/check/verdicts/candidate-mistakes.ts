import { type Shape, sizeOf } from "../../core/shape.ts";

/**
 * A derivative that is wrong: for each element of the result a gradient in the shape of the
 * argument, row-major.
 */
export interface Suspect {
	readonly given: Float64Array;
	readonly expected: Float64Array;
	/** How far from `expected` counts as agreeing. */
	readonly tolerance: number;
	readonly result: Shape;
	readonly argument: Shape;
	/** Sizes that may appear as a factor, and what they are sizes of. */
	readonly sizes: ReadonlyMap<number, string>;
}

/** Says what is wrong, if this mistake is it: if undoing it makes the numbers agree. */
type Mistake = (suspect: Suspect) => string | null;

/** The usual mistake that explains a wrong derivative; null where none does. */
export function explainingMistake(
	suspect: Suspect,
	candidates: readonly Mistake[] = CANDIDATES,
): string | null {
	if (suspect.given.length !== suspect.expected.length) return null;
	if (suspect.expected.every((value) => Math.abs(value) <= suspect.tolerance)) return null;
	if (!suspect.given.every(Number.isFinite)) return null;
	if (agrees(suspect, (k) => suspect.given[k]!)) return null;
	for (const mistake of candidates) {
		const found = mistake(suspect);
		if (found !== null) return found;
	}
	return null;
}

/** Whether what a mistake would have to give is what is expected. */
function agrees({ expected, tolerance }: Suspect, value: (k: number) => number): boolean {
	return expected.every((e, k) => Math.abs(value(k) - e) <= tolerance);
}

/** The sign, a constant factor, or both. */
export const wrongFactor: Mistake = (suspect) => {
	const { given, expected } = suspect;
	let [product, square] = [0, 0];
	for (const [k, value] of given.entries()) {
		product += value * expected[k]!;
		square += value * value;
	}
	const factor = product / square;
	if (!agrees(suspect, (k) => factor * given[k]!)) return null;
	const sign = factor < 0 ? ["the sign is wrong"] : [];
	const isOne = isNear(suspect, Math.abs(factor), 1);
	const found = [...sign, ...(isOne ? [] : [nameFactor(suspect, Math.abs(factor))])];
	return found.length === 0 ? null : found.join(", and ");
};

function nameFactor(suspect: Suspect, factor: number): string {
	if (isNear(suspect, factor, 2)) return "a factor 2 is missing";
	if (isNear(suspect, factor, 0.5)) return "a factor ½ is missing (or a 2 is too many)";
	for (const [n, what] of suspect.sizes) {
		if (n > 2 && isNear(suspect, factor, Math.sqrt(n))) {
			return `a factor √${n} is missing: ${n} is ${what}`;
		}
		if (n > 2 && isNear(suspect, factor, 1 / Math.sqrt(n))) {
			return `a factor 1/√${n} is missing: ${n} is ${what}`;
		}
		if (n > 2 && isNear(suspect, factor, n)) {
			return `a factor ${n} is missing, ${what}: a mean where a sum belongs`;
		}
		if (n > 2 && isNear(suspect, factor, 1 / n)) {
			return `a factor 1/${n} is missing, ${what}: a sum where a mean belongs`;
		}
	}
	return `a constant factor ${Number(factor.toPrecision(4))} is missing`;
}

const transposedGradient: Mistake = (suspect) => {
	const { given, argument } = suspect;
	if (argument.length < 2) return null;
	const [rows, columns] = argument.slice(-2) as [number, number];
	const matrix = rows * columns;
	const agreesTransposed = agrees(suspect, (k) => {
		const [start, within] = [k - (k % matrix), k % matrix];
		const [i, j] = [Math.floor(within / columns), within % columns];
		return given[start + j * rows + i]!;
	});
	return agreesTransposed ? "the gradient is transposed: a .T is missing, or one too many" : null;
};

const mapItself: Mistake = (suspect) => {
	const { given, result, argument } = suspect;
	const size = sizeOf(argument);
	if (size !== sizeOf(result) || size < 2) return null;
	return agrees(suspect, (k) => given[(k % size) * size + Math.floor(k / size)]!)
		? "the linear map itself is applied where its transpose belongs"
		: null;
};

const missingMask: Mistake = (suspect) => {
	const { given, expected, tolerance } = suspect;
	const isCut = (k: number) => Math.abs(expected[k]!) <= tolerance;
	if (!agrees(suspect, (k) => (isCut(k) ? 0 : given[k]!))) return null;
	const wrong = given.filter((value, k) => isCut(k) && Math.abs(value) > tolerance).length;
	return `a mask is missing: ${wrong} of ${given.length} elements should be 0, and the others agree`;
};

const lostSlices: Mistake = (suspect) => {
	const { given, expected, tolerance, result, argument } = suspect;
	const isLost = (k: number) => Math.abs(given[k]!) <= tolerance;
	if (!agrees(suspect, (k) => (isLost(k) ? expected[k]! : given[k]!))) return null;
	if (given.every((_, k) => isLost(k))) {
		return "the gradient is 0 altogether: the result is cut off from the argument";
	}
	const lost = expected.filter((value, k) => isLost(k) && Math.abs(value) > tolerance).length;
	const size = sizeOf(argument);
	for (const [axis, length] of result.entries()) {
		const stride = sizeOf(result.slice(axis + 1));
		const reaching = new Set<number>();
		for (let k = 0; k < given.length; k++) {
			if (!isLost(k)) reaching.add(Math.floor(Math.floor(k / size) / stride) % length);
		}
		if (length > 1 && reaching.size === 1) {
			return `only the part of the cotangent at index ${[...reaching]} of axis ${axis} arrives: the sum over that axis, along which the argument was broadcast, is missing`;
		}
	}
	return `a mask too many, or a part of the gradient lost: ${lost} of ${given.length} elements are 0 and should not be, and the others agree`;
};

/** A mask, but at other elements; of one gradient, since a Jacobian has zeros for other reasons. */
export const wrongMask: Mistake = (suspect) => {
	const { given, expected, tolerance } = suspect;
	const isCut = (value: number) => Math.abs(value) <= tolerance;
	if (
		!agrees(suspect, (k) => (isCut(given[k]!) ? expected[k]! : isCut(expected[k]!) ? 0 : given[k]!))
	) {
		return null;
	}
	const kept = given.filter((value, k) => !isCut(value) && isCut(expected[k]!)).length;
	const lost = given.filter((value, k) => isCut(value) && !isCut(expected[k]!)).length;
	return `a mask is at the wrong elements: of ${given.length}, ${kept} should be 0 and ${lost} should not, and the others agree`;
};

/** One entry of the cotangent along an axis, as of a batch, used for all of the argument. */
const repeatedSlice: Mistake = (suspect) => {
	const { given, expected, result, argument, tolerance } = suspect;
	const size = sizeOf(argument);
	const position = (k: number, shape: Shape, axis: number) =>
		Math.floor(k / sizeOf(shape.slice(axis + 1))) % shape[axis]!;
	for (const [axis, length] of result.entries()) {
		if (length < 2 || argument[axis] !== length) continue;
		const stride = sizeOf(result.slice(axis + 1));
		const of = (k: number) => position(Math.floor(k / size), result, axis);
		const used = of(given.findIndex((value) => Math.abs(value) > tolerance));
		// What is given for every entry of the argument is what is expected where both are the same.
		const shouldBe = (k: number): number => {
			const entry = position(k % size, argument, axis);
			if (of(k) !== used) return 0;
			const row = Math.floor(k / size) + (entry - used) * stride;
			return expected[row * size + (k % size)]!;
		};
		if (given.every((value, k) => Math.abs(value - shouldBe(k)) <= tolerance)) {
			return `the cotangent at index ${used} of axis ${axis} is used for all indices of that axis, as if it were the same for the whole batch`;
		}
	}
	return null;
};

const lostUse: Mistake = (suspect) => {
	const { given, result, argument } = suspect;
	const size = sizeOf(argument);
	if (size !== sizeOf(result) || size < 2) return null;
	return agrees(suspect, (k) => given[k]! + (k % size === Math.floor(k / size) ? 1 : 0))
		? "the cotangent itself is missing from the sum: the gradient of one of the uses of the argument is lost"
		: null;
};

const CANDIDATES: readonly Mistake[] = [
	wrongFactor,
	transposedGradient,
	mapItself,
	missingMask,
	lostSlices,
	repeatedSlice,
	lostUse,
];

/** Whether two factors are the same, as far as the numbers can tell. */
function isNear({ expected, tolerance }: Suspect, x: number, y: number): boolean {
	const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
	return Math.abs(x - y) <= Math.max(1e-6, (2 * tolerance) / largest) * y;
}
