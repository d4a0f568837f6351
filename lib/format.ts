import type { DType } from "./dtype.ts";
import type { Shape } from "./shape.ts";

/** Longer axes are shortened when a tensor of more than `SUMMARIZE_FROM` elements is printed, as in NumPy. */
const SUMMARIZE_FROM = 1000;
const EDGE_ITEMS = 3;
const LINE_WIDTH = 75;
const DIGITS = 8;

/** The elements, row-major, as NumPy prints an array: columns aligned, long axes shortened with `...`. */
export function formatElements(values: ArrayLike<number>, shape: Shape, dtype: DType): string {
	const shorten = values.length > SUMMARIZE_FROM;
	const shown: number[] = [];
	visitShown(shape, shorten, 0, 0, (at) => shown.push(values[at]!));
	const show = formatter(shown, dtype);
	if (shape.length === 0) return show(values[0]!).trim();
	return formatAxis(values, shape, shorten, 0, 0, show);
}

/** Which indices of an axis are shown; -1 stands for the dots. */
function shownIndices(size: number, shorten: boolean): number[] {
	const all = Array.from({ length: size }, (_, i) => i);
	if (!shorten || size <= 2 * EDGE_ITEMS) return all;
	return [...all.slice(0, EDGE_ITEMS), -1, ...all.slice(size - EDGE_ITEMS)];
}

function visitShown(
	shape: Shape,
	shorten: boolean,
	axis: number,
	start: number,
	visit: (at: number) => void,
): void {
	if (axis === shape.length) {
		visit(start);
		return;
	}
	for (const i of shownIndices(shape[axis]!, shorten)) {
		if (i >= 0) visitShown(shape, shorten, axis + 1, start * shape[axis]! + i, visit);
	}
}

function formatAxis(
	values: ArrayLike<number>,
	shape: Shape,
	shorten: boolean,
	axis: number,
	start: number,
	show: (value: number) => string,
): string {
	const size = shape[axis]!;
	const last = axis === shape.length - 1;
	const items = shownIndices(size, shorten).map((i) => {
		if (i < 0) return "...";
		const at = start * size + i;
		return last ? show(values[at]!) : formatAxis(values, shape, shorten, axis + 1, at, show);
	});
	const indent = " ".repeat(axis + 1);
	if (!last) {
		const gap = "\n".repeat(shape.length - 1 - axis);
		return `[${items.join(gap + indent)}]`;
	}
	const lines: string[] = [];
	let line = "";
	for (const item of items) {
		if (line !== "" && indent.length + line.length + 1 + item.length > LINE_WIDTH) {
			lines.push(line);
			line = item;
		} else {
			line = line === "" ? item : `${line} ${item}`;
		}
	}
	return `[${[...lines, line].join(`\n${indent}`)}]`;
}

/** A function that shows each of `values` in the same width. */
function formatter(values: readonly number[], dtype: DType): (value: number) => string {
	const texts = new Map(values.map((value) => [value, formatNumber(value, values, dtype)]));
	const width = Math.max(0, ...[...texts.values()].map((text) => text.length));
	const pad = isPlainDecimal(values, dtype) ? padAtPoint([...texts.values()]) : null;
	return (value) => {
		const text = texts.get(value) ?? formatNumber(value, values, dtype);
		return pad === null ? text.padStart(width) : pad(text);
	};
}

/** Aligns texts at the decimal point, as NumPy does. */
function padAtPoint(texts: readonly string[]): (text: string) => string {
	const before = (text: string) => (text.includes(".") ? text.indexOf(".") : text.length);
	const left = Math.max(0, ...texts.map(before));
	const right = Math.max(0, ...texts.map((text) => text.length - before(text)));
	return (text) => text.padStart(text.length + left - before(text)).padEnd(left + right);
}

function isPlainDecimal(values: readonly number[], dtype: DType): boolean {
	if (dtype !== "float64" && dtype !== "float32") return false;
	const sizes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
	if (sizes.length === 0) return true;
	const largest = Math.max(...sizes);
	const smallest = Math.min(...sizes);
	return largest < 1e8 && smallest >= 1e-4 && largest / smallest <= 1e3 * 1e5;
}

function formatNumber(value: number, all: readonly number[], dtype: DType): string {
	if (dtype === "bool") return value ? "true" : "false";
	if (dtype === "int32") return String(value);
	if (Number.isNaN(value)) return "nan";
	if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
	if (isPlainDecimal(all, dtype)) {
		const text = value.toFixed(DIGITS).replace(/0+$/, "");
		return Object.is(value, -0) && !text.startsWith("-") ? `-${text}` : text;
	}
	const [mantissa, exponent] = value.toExponential(DIGITS).split("e") as [string, string];
	const power = exponent.slice(1).padStart(2, "0");
	return `${mantissa.replace(/0+$/, "")}e${exponent[0]}${power}`;
}
