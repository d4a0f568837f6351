import * as kind from "../../core/argument-kinds.ts";
import { calledAs } from "../../core/called-as.ts";
import { arange, full, ones } from "../../core/create.ts";
import { ShapeError } from "../../core/error.ts";
import { asTensor } from "../../core/lift.ts";
import { checkOptions, type OptionKinds } from "../../core/options.ts";
import { rowMajorStrides } from "../../core/shape.ts";
import type { Tensor, TensorLike } from "../../core/tensor.ts";
import { reshape } from "../../structure/layout.ts";
import { div, floor, minimum, mod, sub } from "../arithmetic.ts";
import { astype } from "../cast.ts";
import { equal, less, logicalOr, notEqual, where } from "../comparison.ts";
import { cumsum } from "../cumulative.ts";
import { take } from "../indexing.ts";
import { concat } from "../joining.ts";
import { truePositions } from "../mask-positions.ts";
import { slice } from "../slicing.ts";
import { argsort, sort } from "../sorting.ts";
import { untake } from "../taking.ts";
import { diff } from "./differences.ts";
import { searchSorted } from "./searching.ts";
import { areValuesKnown, sizeUnknown } from "./sizes.ts";

/** How many elements a result has that depends on values, and what fills it up. */
export interface SizeOptions {
	/**
	 * So many: the first ones, and then `fill`. Left out: as many as there are; where a function is
	 * traced nobody knows, and it has to be said.
	 */
	readonly size?: number;
	/** Left out: what the function says. */
	readonly fill?: number;
}

const OPTIONS: OptionKinds<SizeOptions> = { size: kind.whole, fill: kind.number };

/** The places at which a mask, a bool vector, is true: `size` of them, and then its own size. */
function placesIn(op: string, mask: Tensor, size: number | undefined): Tensor {
	if (size !== undefined) {
		const nth = arange(1, size + 1, 1, { dtype: "int32" });
		return searchSorted(cumsum(mask), nth);
	}
	if (!areValuesKnown(mask)) throw sizeUnknown(op, "size");
	return truePositions(mask);
}

/**
 * The places at which x is not 0, in row-major order: for each axis a vector of indices, int32, as
 * NumPy's `nonzero`. Of a scalar it has no axes. What fills up is 0 unless said.
 * @throws TraceError without a size for values that are not known
 */
export function nonzero(x: TensorLike, options?: SizeOptions): Tensor[] {
	const { size, fill = 0 } = checkOptions("nonzero", options, OPTIONS);
	const t = asTensor("nonzero", x);
	return calledAs("nonzero", () => {
		const places = placesIn("nonzero", notEqual(reshape(t, [t.size]), 0), size);
		// Of an empty tensor too, so that nothing is divided by 0.
		const shape = t.shape.map((size) => Math.max(1, size));
		return rowMajorStrides(shape).map((stride, axis) => {
			// Places are less than 2³¹, so that a quotient of float64 is on the right side.
			const line = astype(floor(div(astype(places, "float64"), stride)), "int32");
			return where(less(places, t.size), mod(line, shape[axis]!), fill);
		});
	});
}

/**
 * Where each group of equal elements begins in a sorted vector of at least one: whether at each
 * place, and the places of `count` groups, whose number is that of elements where there is none.
 */
function groupsIn(op: string, sorted: Tensor, count: number | undefined) {
	const [before, after] = [slice(sorted, [0, -1]), slice(sorted, [1, null])];
	// Not where both are NaN, which comes last.
	const isNumber = equal(before, before);
	const isNew = where(isNumber, logicalOr(notEqual(after, before), notEqual(after, after)), false);
	const begins = concat([ones([1], { dtype: "bool" }), isNew]);
	return { begins, starts: placesIn(op, begins, count) };
}

/** What stands at places of a vector, and at those behind its end something else. */
function atOr(x: Tensor, places: Tensor, fill: number | Tensor): Tensor {
	return where(less(places, x.size), take(x, minimum(places, x.size - 1)), fill);
}

/** The elements of x as a vector; where there are none, a size asks for what cannot be. */
function flattened(op: string, x: Tensor, size: number | undefined): Tensor {
	if (x.size === 0 && (size ?? 0) > 0) {
		throw new ShapeError(`${op}: expected at least one element to fill ${size} with, got none`);
	}
	return reshape(x, [x.size]);
}

/**
 * The different elements of x in ascending order, a vector, as NumPy's `unique`; NaN is one, and
 * comes last. Each has its gradient from the first of the equal elements. What fills up is the
 * least element unless said.
 * @throws TraceError without a size for values that are not known
 * @throws ShapeError with a size, for no elements
 */
export function unique(x: TensorLike, options?: SizeOptions): Tensor {
	const { size, fill } = checkOptions("unique", options, OPTIONS);
	const t = asTensor("unique", x);
	return calledAs("unique", () => {
		const sorted = sort(flattened("unique", t, size));
		if (t.size === 0) return sorted;
		return atOr(sorted, groupsIn("unique", sorted, size).starts, fill ?? slice(sorted, 0));
	});
}

/** What `uniqueAll` gives. */
export interface Distinct {
	/** What `unique` gives. */
	readonly values: Tensor;
	/** Where each stands first in x, in row-major order, int32; what fills up: as the least. */
	readonly indices: Tensor;
	/** Which of them each element of x is, in the shape of x, int32: `take(values, inverse)` is x. */
	readonly inverse: Tensor;
	/** How often each stands in x, int32; what fills up: 0. */
	readonly counts: Tensor;
}

/**
 * The different elements of x as `unique` gives them, and where and how often they stand, as
 * NumPy's `unique` with all that it returns. With a size that is too small, the elements of x whose
 * value is left out have the inverse `size`, which is the index of none. Only the values have
 * gradients.
 * @throws TraceError without a size for values that are not known
 * @throws ShapeError with a size, for no elements
 */
export function uniqueAll(x: TensorLike, options?: SizeOptions): Distinct {
	const { size, fill } = checkOptions("uniqueAll", options, OPTIONS);
	const t = asTensor("uniqueAll", x);
	return calledAs("uniqueAll", () => {
		const flat = flattened("uniqueAll", t, size);
		const order = argsort(flat);
		if (t.size === 0) {
			return { values: flat, indices: order, inverse: reshape(order, t.shape), counts: order };
		}
		const sorted = take(flat, order);
		// One group more than are asked for, which says where the last of those ends.
		const more = size === undefined ? undefined : size + 1;
		const { begins, starts } = groupsIn("uniqueAll", sorted, more);
		const end = full([1], t.size, { dtype: "int32" });
		const bounds = size === undefined ? concat([starts, end]) : starts;
		const first = slice(bounds, [0, -1]);
		const ranks = minimum(sub(cumsum(begins), 1), first.size);
		return {
			values: atOr(sorted, first, fill ?? slice(sorted, 0)),
			indices: atOr(order, first, slice(order, 0)),
			inverse: reshape(untake(ranks, order, 0, t.size), t.shape),
			counts: diff(bounds),
		};
	});
}
