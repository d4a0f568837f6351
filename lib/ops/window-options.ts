import type { ArgumentKind } from "../core/argument-kinds.ts";
import * as kind from "../core/argument-kinds.ts";
import { ShapeError } from "../core/error.ts";
import type { Pair } from "../core/geometry.ts";
import { describe, type OptionKinds } from "../core/options.ts";
import type { Widths, WindowOptions } from "../kernels/windows.ts";

/** How the windows of a two-dimensional convolution lie. */
export interface ConvolutionOptions {
	/** Steps from one window to the next; left out: 1. */
	readonly stride?: number | Pair;
	/** A number, one for each axis, both ends of each axis, or by name; left out: 0. */
	readonly padding?: number | Pair | readonly [Widths, Widths] | "same" | "valid";
	/** Steps from one element of the window to the next; left out: 1. */
	readonly dilation?: number | Pair;
	/** Left out: 1. */
	readonly groups?: number;
}

/** The same for one dimension. */
export interface ConvolutionOptions1d {
	readonly stride?: number;
	readonly padding?: number | Widths | "same" | "valid";
	readonly dilation?: number;
	readonly groups?: number;
}

/** A number, or one for each axis, of which more is asked where it is read. */
const sizes: ArgumentKind = {
	expected: "a number, or an array of one for each axis",
	holds: (x) => typeof x === "number" || Array.isArray(x),
};

/** The same, or a word. */
const widths: ArgumentKind = {
	expected: 'numbers, "same" or "valid"',
	holds: (x) => sizes.holds(x) || x === "same" || x === "valid",
	error: ShapeError,
};

/** What the options of convolutions may be. */
export const CONVOLUTION_OPTIONS: OptionKinds<ConvolutionOptions> = {
	stride: sizes,
	padding: widths,
	dilation: sizes,
	groups: kind.number,
};

/** What those of one dimension may be. */
export const OPTIONS_1D: OptionKinds<ConvolutionOptions1d> = {
	stride: kind.number,
	padding: widths,
	dilation: kind.number,
	groups: kind.number,
};

/** What those of transposed convolutions may be. */
export const TRANSPOSED_OPTIONS: OptionKinds<
	ConvolutionOptions & { outputPadding?: number | Pair }
> = {
	stride: sizes,
	padding: widths,
	dilation: sizes,
	groups: kind.number,
	outputPadding: sizes,
};

/** What those of transposed convolutions of one dimension may be. */
export const TRANSPOSED_OPTIONS_1D: OptionKinds<ConvolutionOptions1d & { outputPadding?: number }> =
	{
		stride: kind.number,
		padding: widths,
		dilation: kind.number,
		groups: kind.number,
		outputPadding: kind.number,
	};

/** What those of poolings may be. */
export const POOL_OPTIONS = {
	stride: sizes,
	padding: widths,
	dilation: sizes,
	ceil: kind.flag,
};

/**
 * The options, completed.
 * @throws ShapeError for what is not a whole number, or too small
 */
export function readOptions(op: string, options: ConvolutionOptions): WindowOptions {
	const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
	checkWhole(op, "groups", groups, 1);
	return {
		stride: readPair(op, "stride", stride, 1),
		dilation: readPair(op, "dilation", dilation, 1),
		padding: readPadding(op, padding),
		groups,
	};
}

/** A number for both axes, or one for each, checked to be whole and at least `least`. */
export function readPair(op: string, name: string, value: number | Pair, least: number): Pair {
	const pair: Pair = typeof value === "number" ? [value, value] : value;
	if (!Array.isArray(pair) || pair.length !== 2) {
		throw new ShapeError(`${op}: ${name} is a number or one for each axis, got ${describe(pair)}`);
	}
	for (const one of pair) checkWhole(op, name, one, least);
	return pair;
}

function readPadding(
	op: string,
	padding: NonNullable<ConvolutionOptions["padding"]>,
): WindowOptions["padding"] {
	if (typeof padding === "string") return padding;
	const [height, width] = typeof padding === "number" ? [padding, padding] : padding;
	const ends = (value: number | Widths): Widths =>
		readPair(op, "padding", typeof value === "number" ? [value, value] : value, 0);
	return [ends(height), ends(width)];
}

function checkWhole(op: string, name: string, value: number, least: number): void {
	if (Number.isInteger(value) && value >= least) return;
	throw new ShapeError(`${op}: ${name} is a whole number from ${least}, got ${value}`);
}

/** Options of one dimension as those of an image of height 1. */
export function widened({
	stride = 1,
	padding = 0,
	dilation = 1,
	groups = 1,
}: ConvolutionOptions1d): ConvolutionOptions {
	const none: Widths = [0, 0];
	const along: Widths | string = typeof padding === "number" ? [padding, padding] : padding;
	return {
		stride: [1, stride],
		dilation: [1, dilation],
		groups,
		padding: typeof along === "string" ? (along as "same" | "valid") : [none, along],
	};
}
