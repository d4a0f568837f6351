import { ShapeError } from "../core/error.ts";
import type { Draw } from "../core/op.ts";
import { describe, isTensor } from "../core/options.ts";
import { type Shape, showShape } from "../core/shape.ts";
import type { AxisRange } from "../core/traits.ts";
import { affine } from "../notation/plain.ts";

/**
 * What a slice takes of one axis: one index (the axis is then gone), `null` for all of it, or
 * `[start, stop, step]` as NumPy's `start:stop:step`; negative positions count from the end, `null`
 * and what is left out is as far as it goes.
 */
export type SliceRange =
	| number
	| null
	| readonly [start?: number | null, stop?: number | null, step?: number | null];

/**
 * A range of an axis, worked out: the elements start, start + step, …, `size` of them, of an axis
 * of size `of`.
 */
export type Section = {
	readonly of: number;
	readonly start: number;
	readonly step: number;
	readonly size: number;
	readonly dropped: boolean;
};

/**
 * What sections take of what was put in a place, as sections of that; "none" where they take
 * nothing of it, null where only a part of what they take lies there.
 */
export function takenFrom(
	sections: readonly Section[],
	place: readonly AxisRange[],
): Section[] | "none" | null {
	const within: Section[] = [];
	let isApart = false;
	let isInside = true;
	for (const [axis, { start, step, size, dropped }] of sections.entries()) {
		const put = place[axis]!;
		const [from, to] = [put.start, put.start + put.size];
		const last = start + (size - 1) * step;
		const [low, high] = [Math.min(start, last), Math.max(start, last)];
		if (put.step !== 1 || size === 0) return null;
		isApart ||= high < from || low >= to;
		isInside &&= low >= from && high < to && (dropped || !put.dropped);
		if (!put.dropped) within.push({ of: put.size, start: start - from, step, size, dropped });
	}
	if (isApart) return "none";
	return isInside ? within : null;
}

/** Whether sections take all there is, as it lies. */
export function areWhole(sections: readonly Section[]): boolean {
	return sections.every(({ of, step, size, dropped }) => size === of && step === 1 && !dropped);
}

/** An axis of this size, taken whole. */
export function wholeAxis(size: number): Section {
	return { of: size, start: 0, step: 1, size, dropped: false };
}

function checkWhole(op: string, what: string, value: number, axis: number): void {
	if (!Number.isSafeInteger(value)) {
		throw new ShapeError(`${op}: expected a whole number as ${what} on axis ${axis}, got ${value}`);
	}
}

function sectionOf(op: string, range: SliceRange | undefined, of: number, axis: number): Section {
	if (range === null || range === undefined) return wholeAxis(of);
	if (typeof range === "number") {
		checkWhole(op, "the index", range, axis);
		if (range < -of || range >= of) {
			throw new ShapeError(`${op}: index ${range} is out of range for axis ${axis} of size ${of}`);
		}
		return { of, start: range < 0 ? range + of : range, step: 1, size: 1, dropped: true };
	}
	if (!Array.isArray(range) || range.length > 3) {
		const way = isTensor(range) ? "; take(x, i, axis) takes an index that is a tensor" : "";
		throw new ShapeError(
			`${op}: expected a number, null or [start, stop, step] for axis ${axis}, got ${describe(range)}${way}`,
		);
	}
	const step = range[2] ?? 1;
	checkWhole(op, "the step", step, axis);
	if (step === 0) throw new ShapeError(`${op}: the step on axis ${axis} is 0; expected another`);
	// Where the range may begin and end: a backward one from the last element to just before the
	// first.
	const lowest = step > 0 ? 0 : -1;
	const highest = step > 0 ? of : of - 1;
	const clamp = (what: string, position: number) => {
		checkWhole(op, what, position, axis);
		return Math.min(highest, Math.max(lowest, position < 0 ? position + of : position));
	};
	const start = range[0] == null ? (step > 0 ? lowest : highest) : clamp("the start", range[0]);
	const stop = range[1] == null ? (step > 0 ? highest : lowest) : clamp("the stop", range[1]);
	const size = Math.max(0, Math.ceil((stop - start) / step));
	return { of, start: size === 0 ? 0 : start, step, size, dropped: false };
}

/**
 * The sections that these ranges are of a tensor of this shape; axes without one are taken whole.
 */
export function sectionsOf(op: string, ranges: readonly SliceRange[], shape: Shape): Section[] {
	if (ranges.length > shape.length) {
		throw new ShapeError(
			`${op}: expected at most ${shape.length} ranges for shape ${showShape(shape)}, got ${ranges.length}`,
		);
	}
	return shape.map((size, axis) => sectionOf(op, ranges[axis], size, axis));
}

/** The shape of what the sections take. */
export function sectionsShape(sections: readonly Section[]): number[] {
	return sections.flatMap(({ size, dropped }) => (dropped ? [] : [size]));
}

/** Where the elements of the sections lie in a layout of the whole. */
export function sectionsLayout(
	sections: readonly Section[],
	strides: readonly number[],
	offset: number,
): { strides: number[]; offset: number } {
	return {
		strides: sections.flatMap(({ step, dropped }, i) => (dropped ? [] : [strides[i]! * step])),
		offset: sections.reduce((at, { start }, i) => at + start * strides[i]!, offset),
	};
}

/** The ranges that give these sections. */
export function rangesOf(sections: readonly Section[]): SliceRange[] {
	const ranges = sections.map(({ of, start, step, size, dropped }): SliceRange => {
		if (dropped) return start;
		if (size === 0) return [0, 0];
		const stop = start + size * step;
		if (step === 1) return size === of ? null : [start, stop];
		return [start, stop < 0 ? null : stop, step];
	});
	return ranges.slice(0, ranges.findLastIndex((range) => range !== null) + 1);
}

/** Where the element of a slice lies in the whole, for plain JavaScript. */
export function indexInWhole(index: readonly string[], sections: readonly Section[]): string[] {
	const rest = index.values();
	return sections.map(({ start, step, dropped }) =>
		dropped ? String(start) : affine(rest.next().value!, step, start),
	);
}

/** `[1:3, ::2]`, as short as Python has it. */
export function printSections(sections: readonly Section[]): string {
	const texts = sections.map(({ of, start, step, size, dropped }) => {
		if (dropped) return `${start}`;
		if (size === 0 && of > 0) return "0:0";
		const first = start === (step > 0 ? 0 : of - 1) ? "" : `${start}`;
		const next = start + size * step;
		const stop = start + (size - 1) * step + Math.sign(step);
		const last = of === 0 || next >= of || next < 0 ? "" : `${stop}`;
		return `${first}:${last}${step === 1 ? "" : `:${step}`}`;
	});
	while (texts.length > 1 && texts.at(-1) === ":") texts.pop();
	return texts.length === 0 ? "[()]" : `[${texts.join(", ")}]`;
}

/**
 * The parts of a whole that lie along `axis` one after the other, from its first element to its
 * last: each along an index of it, or each along a range.
 */
export interface Tiling {
	readonly axis: number;
	readonly by: "index" | "range";
}

/** How these parts, in this order, make up the whole; null where they do not. */
export function tilingOf(parts: readonly (readonly Section[])[]): Tiling | null {
	const isWhole = ({ step, size, of, dropped }: Section) => !dropped && step === 1 && size === of;
	const axis = parts[0]!.findIndex((section) => !isWhole(section));
	if (axis < 0) return null;
	const { of, dropped } = parts[0]![axis]!;
	let end = 0;
	for (const part of parts) {
		const along = part[axis]!;
		const follows = along.start === end && along.step === 1 && along.dropped === dropped;
		if (!follows || !part.every((section, i) => i === axis || isWhole(section))) return null;
		end += along.size;
	}
	return end === of ? { axis, by: dropped ? "index" : "range" } : null;
}

/** The elements of an axis that a section takes, in ascending order: low, low + step, …, high. */
interface Span {
	readonly low: number;
	readonly high: number;
	readonly step: number;
}

/** Whether two of these parts of one tensor have an element in common. */
export function doMeet(parts: readonly (readonly Section[])[]): boolean {
	const taking = parts.filter((part) => part.every(({ size }) => size > 0));
	const spans = taking.map((part) => part.map(spanOf));
	if (parts[0]!.length === 0) return parts.length > 1;
	// Along the axis on which most begin at places of their own, few lie beside each other.
	const beginnings = parts[0]!.map((_, axis) => new Set(spans.map((part) => part[axis]!.low)).size);
	const axis = beginnings.indexOf(Math.max(...beginnings));
	let beside: Span[][] = [];
	for (const part of spans.toSorted((a, b) => a[axis]!.low - b[axis]!.low)) {
		beside = beside.filter((other) => other[axis]!.high >= part[axis]!.low);
		if (beside.some((other) => part.every((span, i) => spansMeet(span, other[i]!)))) return true;
		beside.push(part);
	}
	return false;
}

function spanOf({ start, step, size }: Section): Span {
	const end = start + (size - 1) * step;
	return { low: Math.min(start, end), high: Math.max(start, end), step: Math.abs(step) };
}

function spansMeet(a: Span, b: Span): boolean {
	if (a.low > b.high || b.low > a.high) return false;
	const [fine, coarse] = a.step < b.step ? [a, b] : [b, a];
	for (let i = coarse.low; i <= coarse.high; i += coarse.step) {
		if (i >= fine.low && i <= fine.high && (i - fine.low) % fine.step === 0) return true;
	}
	return false;
}

/** Random sections of a tensor of this shape. */
export function drawSections(draw: Draw, shape: Shape): Section[] {
	return shape.map((of, axis) => {
		const end = () => draw.pick([null, draw.integer(-of - 1, of + 1)]);
		const choices: SliceRange[] = [null, [end(), end(), draw.pick([1, 1, -1, 2, -2])]];
		if (of > 0) choices.push(draw.integer(-of, of - 1));
		return sectionOf("sample", draw.pick(choices), of, axis);
	});
}
