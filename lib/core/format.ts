import type { DType } from "./dtype.ts";
import { ShapeError } from "./error.ts";
import { showShape } from "./shape.ts";
import type { Strided } from "./strided.ts";

// Prints as NumPy 2 does with its defaults (`np.array2string`), but for `true` and `false`.

/** A tensor of more elements than this shows only the ends of its long axes. */
const THRESHOLD = 1000;
/** Short axes are shown whole; with many of them, a text would be too long for an engine. */
const MOST_SHOWN = 2 ** 24;
/** How many elements each end of a shortened axis shows. */
const EDGE_ITEMS = 3;
/** Lines are broken before they are longer. */
const LINE_WIDTH = 75;
/** Digits after the point. */
const PRECISION = 8;

/**
 * The elements, row-major, as NumPy prints an array: columns aligned, long axes shortened with
 * `...`, lines broken at `LINE_WIDTH`. Only those that are shown are read, wherever they lie.
 * @throws ShapeError when they are more than a text can hold
 */
export function formatElements(
	x: Strided & { readonly dtype: DType; readonly size: number },
): string {
	const { shape, dtype, size } = x;
	if (size === 0) return "[]";
	const axes = shape.map((length) => shownIndices(length, size > THRESHOLD));
	const count = axes.reduce((product, { length }) => product * length, 1);
	if (count > MOST_SHOWN) {
		throw new ShapeError(
			`toString: expected at most ${MOST_SHOWN} elements to show, got shape ${showShape(shape)}; show a slice of it`,
		);
	}
	const shown: number[] = [];
	collectShown(x, axes, 0, x.offset, shown);
	if (shape.length === 0) return columnFormat(shown, dtype)(shown[0]!).trim();
	const words = shown.map(columnFormat(shown, dtype));
	return bracket(words[Symbol.iterator](), axes, 0);
}

/** Stands for the elements that are left out of an axis. */
const DOTS = -1;

function shownIndices(size: number, shorten: boolean): number[] {
	const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
	if (!shorten || size <= 2 * EDGE_ITEMS) return range(0, size);
	return [...range(0, EDGE_ITEMS), DOTS, ...range(size - EDGE_ITEMS, size)];
}

/** Collects the elements that are shown, in the order in which they are. */
function collectShown(
	x: Strided,
	axes: readonly number[][],
	axis: number,
	at: number,
	shown: number[],
): void {
	if (axis === axes.length) {
		shown.push(x.array[at]!);
		return;
	}
	const stride = x.strides[axis]!;
	for (const i of axes[axis]!) {
		if (i !== DOTS) collectShown(x, axes, axis + 1, at + i * stride, shown);
	}
}

/** Puts the words, which come in order, into the brackets of this axis and those below it. */
function bracket(
	words: Iterator<string, undefined>,
	axes: readonly number[][],
	axis: number,
): string {
	const below = axes.length - 1 - axis;
	const indent = " ".repeat(axis + 1);
	const items = axes[axis]!.map((i) => {
		if (i === DOTS) return "...";
		return below === 0 ? words.next().value! : bracket(words, axes, axis + 1);
	});
	if (below > 0) return `[${items.join("\n".repeat(below) + indent)}]`;
	// The closing brackets of all axes must find room after the last word.
	return `[${fillLines(items, indent, LINE_WIDTH - axes.length).slice(indent.length)}]`;
}

/** The words, a space between them, in indented lines of at most `width` characters. */
function fillLines(words: readonly string[], indent: string, width: number): string {
	const lines: string[] = [];
	let line = indent;
	words.forEach((word, i) => {
		if (line.length > indent.length && line.length + word.length > width) {
			lines.push(line.trimEnd());
			line = indent;
		}
		line += i < words.length - 1 ? `${word} ` : word;
	});
	return [...lines, line].join("\n");
}

/** A function that shows each of these values in the same width. */
function columnFormat(values: readonly number[], dtype: DType): (value: number) => string {
	switch (dtype) {
		case "bool":
			return (value) => (value ? " true" : "false");
		case "int32": {
			const width = values.reduce((most, value) => Math.max(most, String(value).length), 0);
			return (value) => String(value).padStart(width);
		}
		case "float32":
		case "float64":
			return floatFormat(values, dtype);
	}
}

function floatFormat(values: readonly number[], dtype: DType): (value: number) => string {
	const finite = values.filter(Number.isFinite);
	const scientific = needsExponent(finite, dtype);
	const parts = scientific ? scientificParts : positionalParts;
	const widest = { whole: 0, fraction: 0, exponent: 0 };
	for (const value of finite) {
		const { whole, fraction, exponent } = parts(value, dtype);
		widest.whole = Math.max(widest.whole, whole.length);
		widest.fraction = Math.max(widest.fraction, fraction.length);
		widest.exponent = Math.max(widest.exponent, exponent.length);
	}
	const right = widest.fraction + (scientific ? 1 + widest.exponent : 0);
	if (finite.length < values.length) {
		const special = values.includes(Number.NEGATIVE_INFINITY) ? "-inf" : "inf";
		widest.whole = Math.max(widest.whole, special.length - 1 - right);
	}
	return (value) => {
		if (!Number.isFinite(value)) return specialName(value).padStart(widest.whole + 1 + right);
		if (!scientific) {
			const { whole, fraction } = positionalParts(value, dtype);
			return `${whole.padStart(widest.whole)}.${fraction.padEnd(widest.fraction)}`;
		}
		const { whole, fraction, exponent } = scientificParts(value, dtype, widest.fraction);
		const power = exponent[0] + exponent.slice(1).padStart(widest.exponent - 1, "0");
		return `${whole.padStart(widest.whole)}.${fraction.padEnd(widest.fraction, "0")}e${power}`;
	};
}

function specialName(value: number): string {
	if (Number.isNaN(value)) return "nan";
	return value > 0 ? "inf" : "-inf";
}

/**
 * Whether NumPy shows these values in scientific notation: some are large, small, or far from each
 * other.
 */
function needsExponent(finite: readonly number[], dtype: DType): boolean {
	const round = dtype === "float32" ? Math.fround : (value: number) => value;
	let largest = 0;
	let smallest = Number.POSITIVE_INFINITY;
	for (const value of finite) {
		if (value === 0) continue;
		largest = Math.max(largest, Math.abs(value));
		smallest = Math.min(smallest, Math.abs(value));
	}
	// float32 has six digits that hold, float64 more than the eight that are shown.
	const cutoff = dtype === "float32" ? 1e6 : 1e8;
	return largest >= cutoff || smallest < round(1e-4) || round(largest / smallest) > 1000;
}

/** A printed number: `-12.5` has the whole `-12` and the fraction `5`. */
interface FloatParts {
	readonly whole: string;
	/** Without trailing zeros. */
	readonly fraction: string;
	/** A sign and at least two digits; empty in positional notation. */
	readonly exponent: string;
}

/**
 * The shortest digits that identify the value; where they are too many, rounded after `PRECISION`
 * places.
 */
function positionalParts(value: number, dtype: DType): FloatParts {
	const size = Math.abs(value);
	let { digits, exponent } = shortest(size, dtype);
	if (digits.length - 1 - exponent > PRECISION) {
		({ digits, exponent } = roundTo(size, PRECISION + exponent));
	}
	// Zeros on both sides, so that the point falls between digits.
	const padded = "0".repeat(Math.max(0, -exponent)) + digits.padEnd(exponent + 1, "0");
	const point = Math.max(0, exponent) + 1;
	return {
		whole: signOf(value) + padded.slice(0, point),
		fraction: padded.slice(point).replace(/0+$/, ""),
		exponent: "",
	};
}

/** The same with an exponent; with `places` said, the exact value rounded after so many places. */
function scientificParts(value: number, dtype: DType, places?: number): FloatParts {
	const size = Math.abs(value);
	let { digits, exponent } = shortest(size, dtype);
	const wanted = places ?? Math.min(digits.length - 1, PRECISION);
	if (digits.length - 1 !== wanted) ({ digits, exponent } = roundTo(size, wanted));
	return {
		whole: signOf(value) + digits[0],
		fraction: digits.slice(1).replace(/0+$/, ""),
		exponent: (exponent < 0 ? "-" : "+") + String(Math.abs(exponent)).padStart(2, "0"),
	};
}

function signOf(value: number): string {
	return value < 0 || Object.is(value, -0) ? "-" : "";
}

/** A number as d.ddd · 10^exponent, the digits without the point. */
interface Decimal {
	readonly digits: string;
	readonly exponent: number;
}

function parseDecimal(text: string): Decimal {
	const [digits, exponent] = text.split("e");
	return { digits: digits!.replace(".", ""), exponent: Number(exponent) };
}

/**
 * The fewest digits that read back as the same value of the dtype. (Of the powers of two, whose
 * neighbours lie closer below than above, NumPy shows three float32 ones, such as 2^-96, with one
 * digit less.)
 */
function shortest(size: number, dtype: DType): Decimal {
	if (dtype === "float64") return parseDecimal(size.toExponential());
	for (let places = 0; ; places++) {
		const decimal = roundTo(size, places);
		if (Math.fround(Number(`${decimal.digits}e${decimal.exponent - places}`)) === size) {
			return decimal;
		}
	}
}

/** The exact value rounded after so many places of d.ddd · 10^exponent, a tie to the even digit. */
function roundTo(size: number, places: number): Decimal {
	const nearest = parseDecimal(size.toExponential(places));
	// toExponential rounds a tie up, which only matters where that made the last digit odd.
	if (Number(nearest.digits.at(-1)) % 2 === 0) return nearest;
	const exact = parseDecimal(size.toExponential(100));
	const tie = /^50*$/.test(exact.digits.slice(places + 1));
	return tie ? { ...exact, digits: exact.digits.slice(0, places + 1) } : nearest;
}
