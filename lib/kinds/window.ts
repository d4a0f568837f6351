import { ShapeError } from "../error.ts";
import type { Shape } from "../shape.ts";

/** One number for every axis, or a list with one for each. */
export type PerAxis = number | readonly number[];

/**
 * What is added around the axes: one number for all sides, one for both sides of each axis, `[before, after]` for each axis,
 * `"valid"` (nothing), or `"same"` (as much as gives ⌈size / stride⌉ windows; of an odd number the greater half goes
 * after).
 */
export type Padding =
	| PerAxis
	| readonly (readonly [before: number, after: number])[]
	| "same"
	| "valid";

/** How a window moves over the axes. */
export interface WindowOptions {
	/** Steps between windows. */
	readonly stride?: PerAxis;
	/** Left out: 0. */
	readonly padding?: Padding;
	/** Steps between the elements of a window; left out: 1. */
	readonly dilation?: PerAxis;
}

/** A window that moves over an axis: element k of window i lies at i·stride + k·dilation − before. */
export interface WindowAxis {
	/** The size of the axis. */
	readonly size: number;
	/** The elements of a window. */
	readonly window: number;
	/** The number of windows. */
	readonly count: number;
	readonly stride: number;
	readonly dilation: number;
	readonly before: number;
	readonly after: number;
}

/** A window of one element on an axis of one. */
export const SINGLE: WindowAxis = {
	size: 1,
	window: 1,
	count: 1,
	stride: 1,
	dilation: 1,
	before: 0,
	after: 0,
};

/**
 * One whole number for each of `rank` axes.
 * @throws ShapeError for another number of them, or one below `least`.
 */
export function perAxis(
	op: string,
	what: string,
	value: PerAxis,
	rank: number,
	least: number,
): number[] {
	const list = typeof value === "number" ? new Array<number>(rank).fill(value) : [...value];
	if (list.length !== rank || !list.every((n) => Number.isSafeInteger(n) && n >= least)) {
		throw new ShapeError(
			`${op}: expected as ${what} a whole number from ${least}${rank === 1 ? "" : `, or ${rank} of them`}, got ${JSON.stringify(value)}`,
		);
	}
	return list;
}

/** From the first to the last element of a window, both included. */
export function extentOf(window: number, dilation: number): number {
	return dilation * (window - 1) + 1;
}

/**
 * The windows on axes of these sizes; `strideDefault` holds where the options do not say a stride.
 * @throws ShapeError for options that are not well formed, and where a window is longer than the padded axis.
 */
export function windowAxes(
	op: string,
	sizes: Shape,
	windows: Shape,
	options: WindowOptions,
	strideDefault: PerAxis = 1,
): WindowAxis[] {
	const rank = sizes.length;
	const lengths = perAxis(op, "window", windows, rank, 1);
	const strides = perAxis(op, "stride", options.stride ?? strideDefault, rank, 1);
	const dilations = perAxis(op, "dilation", options.dilation ?? 1, rank, 1);
	const extents = lengths.map((window, i) => extentOf(window, dilations[i]!));
	const padding = paddingOf(op, options.padding ?? 0, sizes, extents, strides);
	return sizes.map((size, i) => {
		const [before, after] = padding[i]!;
		const room = size + before + after - extents[i]!;
		if (room < 0) {
			throw new ShapeError(
				`${op}: expected a window no longer than the padded axis, got ${extents[i]} elements ` +
					`for an axis of ${size}, padded to ${size + before + after}`,
			);
		}
		return {
			size,
			window: lengths[i]!,
			count: Math.floor(room / strides[i]!) + 1,
			stride: strides[i]!,
			dilation: dilations[i]!,
			before,
			after,
		};
	});
}

/** The numbers of elements before and after each axis. */
export function paddingOf(
	op: string,
	padding: Padding,
	sizes: Shape,
	extents: readonly number[],
	strides: readonly number[],
): [before: number, after: number][] {
	if (padding === "valid") return sizes.map(() => [0, 0]);
	if (padding === "same") {
		return sizes.map((size, i) => {
			const reached = (Math.ceil(size / strides[i]!) - 1) * strides[i]! + extents[i]!;
			const total = Math.max(0, reached - size);
			return [Math.floor(total / 2), Math.ceil(total / 2)];
		});
	}
	const list: readonly unknown[] =
		typeof padding === "number" ? sizes.map(() => padding) : Array.isArray(padding) ? padding : [];
	const pairs = list.map((side) => (Array.isArray(side) ? side : [side, side]));
	if (pairs.length !== sizes.length || !pairs.every(isPair)) {
		throw new ShapeError(
			`${op}: expected as padding "same", "valid", a whole number from 0, or for each of ${sizes.length} axes such a number ` +
				`or [before, after], got ${JSON.stringify(padding)}`,
		);
	}
	return pairs;
}

function isPair(sides: readonly unknown[]): sides is [number, number] {
	return sides.length === 2 && sides.every((n) => Number.isSafeInteger(n) && Number(n) >= 0);
}

/** The windows as text, for print: only what is not the default. */
export function printWindows(axes: readonly WindowAxis[]): string[] {
	const each = (list: readonly number[]) =>
		list.every((n) => n === list[0]) ? `${list[0]}` : `(${list.join(", ")})`;
	const strides = each(axes.map((axis) => axis.stride));
	const dilations = each(axes.map((axis) => axis.dilation));
	const symmetric = axes.every((axis) => axis.before === axis.after);
	const padding = symmetric
		? each(axes.map((axis) => axis.before))
		: `(${axes.map((axis) => `(${axis.before}, ${axis.after})`).join(", ")})`;
	return [
		...(strides === "1" ? [] : [`stride=${strides}`]),
		...(padding === "0" ? [] : [`padding=${padding}`]),
		...(dilations === "1" ? [] : [`dilation=${dilations}`]),
	];
}
