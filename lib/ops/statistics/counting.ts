import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { arange, ones } from "../../core/create.ts";
import { DomainError, ShapeError } from "../../core/error.ts";
import { asTensor, floating, vector } from "../../core/lift.ts";
import { checkOptions, describe, type OptionKinds } from "../../core/options.ts";
import { sameShape, showShape } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { type Indices, indicesOf } from "../../kernels/indices.ts";
import { sum } from "../../structure/broadcasting.ts";
import { reshape } from "../../structure/layout.ts";
import { add, div, mul, sub } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { equal, greaterEqual, less, lessEqual, logicalAnd, where } from "../comparison.ts";
import { max, min } from "../extremes.ts";
import { slice } from "../slicing.ts";
import { untake } from "../taking.ts";
import { diff } from "./differences.ts";
import { searchSorted } from "./searching.ts";
import { areValuesKnown, sizeUnknown } from "./sizes.ts";

/** Options of `bincount`. */
export interface BincountOptions {
	/** What each element counts; left out: 1, and the counts are int32. */
	readonly weights?: TensorLike;
	/** At least so many numbers are counted. */
	readonly minLength?: number;
	/** So many are counted and no others; where a function is traced it has to be said. */
	readonly length?: number;
}

const BINCOUNT: OptionKinds<BincountOptions> = {
	weights: kind.scalar,
	minLength: kind.whole,
	length: kind.whole,
};

/** What each element of x counts, as a vector. */
function weightsFor(op: string, x: Tensor, weights: TensorLike | undefined): Tensor {
	if (weights === undefined) return ones([x.size], { dtype: "int32" });
	const given = asTensor(op, weights);
	if (!sameShape(given.shape, x.shape)) {
		throw new ShapeError(
			`${op}: expected a weight for each element of ${showShape(x.shape)}, got ${showShape(given.shape)}`,
		);
	}
	return reshape(given, [x.size]);
}

/** The weights added up in bins; what is in none goes to one more, which is left out. */
function inBins(weights: Tensor, bins: Tensor, isIn: Tensor, count: number): Tensor {
	return slice(untake(weights, where(isIn, bins, count), 0, count + 1), [0, count]);
}

/**
 * How often each whole number from 0 on stands in x, or the sum of its weights, as NumPy's
 * `bincount`; x may have any shape. It has as many elements as the greatest number asks for, so in
 * a function that is traced `length` says how many: greater numbers are not counted then. Linear in
 * the weights.
 * @throws DomainError for a negative number
 * @throws TraceError without a length for numbers that are not known
 * @throws ShapeError for weights of another shape
 * @throws DTypeError for an x that is not int32
 */
export function bincount(x: Indices, options?: BincountOptions): Tensor {
	const { weights, minLength = 0, length } = checkOptions("bincount", options, BINCOUNT);
	const given = indicesOf("bincount", x);
	const counted = weightsFor("bincount", given, weights);
	const flat = reshape(given, [given.size]);
	let greatest = -1;
	if (areValuesKnown(flat)) {
		for (const number of elements(flat)) {
			if (number < 0) {
				throw new DomainError(`bincount: expected whole numbers from 0, got ${number}`);
			}
			greatest = Math.max(greatest, number);
		}
	} else if (length === undefined) throw sizeUnknown("bincount", "length");
	const count = length ?? Math.max(minLength, greatest + 1);
	return calledAs("bincount", () => {
		// A negative number that is not known yet is refused as an index out of range.
		const bins = where(less(flat, 0), -count - 2, flat);
		return inBins(counted, bins, less(flat, count), count);
	});
}

/** Options of `histogram`. */
export interface HistogramOptions {
	/** From where to where; left out: from the least element to the greatest, or 0 to 1 of none. */
	readonly range?: readonly [number, number];
	/** What each element counts; left out: 1, and the counts are int32. */
	readonly weights?: TensorLike;
	/** A density instead of counts: its integral is 1. */
	readonly density?: boolean;
}

const HISTOGRAM: OptionKinds<HistogramOptions> = {
	range: kind.pair,
	weights: kind.scalar,
	density: kind.flag,
};

/**
 * How many elements of x fall into each bin, or the sum of their weights, and the edges of the
 * bins: `bins` of equal width, or those between the given edges, which ascend. A bin has its lower
 * edge and not its upper one, but for the last, which has both. What lies outside, and NaN, is not
 * counted. Linear in the weights.
 * @throws DomainError for bins that are no whole number from 1 nor edges that ascend, or a range
 * that is not finite or goes down; and for elements that are not finite, where they are known and
 * say the range
 * @throws ShapeError for weights of another shape
 */
export function histogram(
	x: TensorLike,
	bins: number | readonly number[] = 10,
	options?: HistogramOptions,
): [counts: Tensor, edges: Tensor] {
	const { range, weights, density = false } = checkOptions("histogram", options, HISTOGRAM);
	const given = asTensor("histogram", x);
	const floats = astype(given, floating.result(given.dtype));
	const flat = reshape(floats, [given.size]);
	const counted = weightsFor("histogram", given, weights);
	return calledAs("histogram", () => {
		const edges = typeof bins === "number" ? evenEdges(flat, bins, range) : listed(bins);
		const all = astype(edges, flat.dtype);
		const count = all.size - 1;
		const [first, last] = [slice(all, 0), slice(all, count)];
		const isIn = logicalAnd(greaterEqual(flat, first), lessEqual(flat, last));
		const place = sub(searchSorted(all, flat, { side: "right" }), 1);
		const atEnd = equal(flat, last);
		const counts = inBins(counted, where(atEnd, count - 1, place), isIn, count);
		if (!density) return [counts, all];
		const total = astype(counts, all.dtype);
		return [div(div(total, diff(all)), sum(total)), all];
	});
}

function listed(edges: readonly number[]): Tensor {
	const ascends = (x: number, i: number) => i === 0 || edges[i - 1]! <= x;
	if (!kind.numbers.holds(edges) || edges.length < 2 || !edges.every(ascends)) {
		throw new DomainError(
			`histogram: expected a number of bins, or two edges or more that ascend, got ${describe(edges)}`,
		);
	}
	return vector(edges);
}

/** Edges at equal distances; around a single value, half a unit to each side. */
function evenEdges(x: Tensor, bins: number, range: readonly [number, number] | undefined): Tensor {
	if (!kind.count.holds(bins)) {
		throw new DomainError(`histogram: expected a whole number of bins from 1, got ${bins}`);
	}
	if (range !== undefined && !(range.every(Number.isFinite) && range[0] <= range[1])) {
		throw new DomainError(
			`histogram: expected a finite range [low, high], got [${range.join(", ")}]`,
		);
	}
	if (range === undefined && areValuesKnown(x) && !elements(x).every(Number.isFinite)) {
		throw new DomainError("histogram: expected finite elements, or a range");
	}
	const given = range ?? (x.size === 0 ? [0, 1] : undefined);
	const ends = given?.map((end) => astype(asTensor("histogram", end), x.dtype));
	const [low, high] = ends ?? [min(x), max(x)];
	const isOne = equal(low!, high!);
	const from = where(isOne, sub(low!, 0.5), low!);
	const to = where(isOne, add(high!, 0.5), high!);
	// As NumPy rounds them: steps from the first, and the last as it is.
	const steps = astype(arange(bins + 1), x.dtype);
	const edges = add(mul(steps, div(sub(to, from), bins)), from);
	return where(equal(steps, bins), to, edges);
}
