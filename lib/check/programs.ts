import type * as fc from "fast-check";
import { isFloat } from "../dtype.ts";
import { constant } from "../kinds/lift.ts";
import { apply, type Domain, type Draw, type Op } from "../op.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { sigmoid, tanh } from "../ops/exponential.ts";
import { take } from "../ops/indexing.ts";
import { reshape } from "../ops/layout.ts";
import { type Shape, sameShape, sizeOf } from "../shape.ts";
import { elements } from "../strided.ts";
import { Tensor } from "../tensor.ts";
import { drawn } from "./drawn.ts";
import { RandomProgram, simplerPrograms, type Value } from "./random-program.ts";
import { records } from "./records.ts";

/** What programs to draw. */
export interface ProgramOptions {
	/** The ops to draw from, by their records; left out: every one that has a derivative. */
	readonly ops?: readonly Op[];
	/** Left out: 3. */
	readonly minOps?: number;
	/** Left out: 15. Ops that fit one result to the next come on top. */
	readonly maxOps?: number;
}

/**
 * Whole programs: ops on arguments and on the results of other ops, some of which are used several times.
 * An op's own `sample` gives its parameters and its inputs, and an input may be replaced by an earlier value, brought to
 * the shape and into the domain that was asked for. Programs keep away from kinks and from large numbers.
 * They shrink to fewer ops and simpler numbers, and in the end to few statements at the values that reached them.
 */
export function programs(options: ProgramOptions = {}): fc.Arbitrary<RandomProgram> {
	return drawn((draw) => drawProgram(draw, options), simplerPrograms);
}

/** A random program, from a source of numbers: the same numbers give the same program. */
export function drawProgram(
	draw: Draw,
	{ ops = records, minOps = 3, maxOps = 15 }: ProgramOptions = {},
): RandomProgram {
	const usable = ops.filter((op) => op.differential !== null && op.sample !== undefined);
	const values: Value[] = [];
	for (let left = draw.integer(minOps, maxOps); left > 0; left--) {
		grow(values, draw.pick(usable), draw);
	}
	return new RandomProgram(values);
}

/** Adds an op to the values, on new arguments or on what there is. An op whose result is not a float leaves them as they are. */
function grow(values: Value[], op: Op, draw: Draw): void {
	const { watching, sourceOf } = watched(draw);
	const { inputs, params } = op.sample!(watching);
	if (!isFloat(op.infer(inputs, params).dtype)) return;
	const made = inputs.map((x) => (isFloat(x.dtype) ? inputFor(values, x, sourceOf(x), draw) : x));
	applied(values, op, made, params);
}

/** An earlier value in place of `x`, or `x` as a new argument. */
function inputFor(values: Value[], x: Tensor, source: Source, draw: Draw): Value {
	const known = values.filter(({ tensor }) => tensor.size > 0 && largestElement(tensor) < Infinity);
	if (known.length > 0 && x.size > 0 && draw.integer(0, 3) > 0) {
		const back = draw.integer(0, 1) === 0 ? 1 : draw.integer(1, known.length);
		return into(values, resized(values, known.at(-back)!, x.shape), x, source);
	}
	const argument: Value = { tensor: x, from: null };
	values.push(argument);
	return argument;
}

/** How a sample came by an input: drawn from a domain, drawn distinct, or made of something that was drawn. */
type Source = { readonly domain: Domain | undefined } | "distinct" | "made";

/** A draw that remembers where the tensors that it gives came from. */
function watched(draw: Draw): { watching: Draw; sourceOf: (x: Tensor) => Source } {
	const sources = new Map<Tensor, Source>();
	const noted = (x: Tensor, source: Source) => {
		sources.set(x, source);
		return x;
	};
	const watching: Draw = {
		...draw,
		tensor: (shape, domain) => noted(draw.tensor(shape, domain), { domain }),
		distinct: (shape) => noted(draw.distinct(shape), "distinct"),
	};
	return { watching, sourceOf: (x) => sources.get(x) ?? "made" };
}

function applied(
	values: Value[],
	op: Op,
	inputs: readonly (Value | Tensor)[],
	params: unknown,
): Value {
	const given = inputs.map((x) => ("from" in x ? x.tensor : x));
	const value: Value = { tensor: apply(op, given, params), from: { op, inputs, params } };
	values.push(value);
	return value;
}

/** The elements of a value, repeated or cut off, in another shape, as `np.resize` has them. */
function resized(values: Value[], value: Value, shape: Shape): Value {
	const { tensor } = value;
	if (sameShape(tensor.shape, shape)) return value;
	const size = sizeOf(shape);
	let flat =
		tensor.rank === 1 ? value : applied(values, reshape.op, [value], { shape: [tensor.size] });
	if (size !== tensor.size) {
		const indices = Int32Array.from({ length: size }, (_, i) => i % tensor.size);
		flat = applied(values, take.op, [flat, new Tensor(indices, "int32", [size])], { axis: 0 });
	}
	return shape.length === 1 ? flat : applied(values, reshape.op, [flat], { shape });
}

/** Values are kept below this size, so that no derivative grows beyond what differences resolve. */
const LARGEST = 2;
/** How far elements may move from where they were drawn: in a domain with exceptions, and otherwise. */
const [AWAY, CLOSE] = [1 / 8, 1 / 32];

/** A value brought into the domain from which `x` was drawn: scaled down, squashed into an interval, or kept near `x`. */
function into(values: Value[], value: Value, x: Tensor, source: Source): Value {
	const number = (of: number) => constant("program", of, "float64", x.shape);
	const times = (one: Value, factor: number) =>
		applied(values, mul.op, [one, number(factor)], null);
	const largest = largestElement(value.tensor);
	const small =
		largest <= LARGEST ? value : times(value, 2 ** -Math.ceil(Math.log2(largest / LARGEST)));
	const near = (radius: number) =>
		applied(values, add.op, [times(applied(values, tanh.op, [small], null), radius), x], null);
	if (source === "distinct" || source === "made") return near(CLOSE);
	const { min, max, avoid = [] } = source.domain ?? {};
	if (avoid.length > 0) return near(AWAY);
	if (min === undefined && max === undefined) return small;
	if (min === undefined || max === undefined) return near(AWAY);
	const part = times(applied(values, sigmoid.op, [small], null), max - min);
	return applied(values, add.op, [part, number(min)], null);
}

function largestElement(x: Tensor): number {
	let most = 0;
	for (const element of elements(x)) most = Math.max(most, Math.abs(element));
	return most;
}
