import type { DType } from "../core/dtype.ts";
import type { OpFunction } from "../core/op.ts";
import type { sum } from "../ops/broadcasting.ts";
import type * as extremeOps from "../ops/extremes.ts";
import type * as reductionOps from "../ops/reductions.ts";
import type * as softmaxOps from "../ops/softmax.ts";
import type { Expression } from "./expression.ts";
import type { Pass, Reduction } from "./kernel.ts";
import { operations as op } from "./operations.ts";

/** What an op does with each slice: the passes over it, and what it then stores. */
export interface Recipe {
	readonly passes: readonly Pass[];
	/** Whether what it stores is one value for each element, or else for each slice. */
	readonly perElement: boolean;
	readonly value: Expression;
}

/** What the elements of a slice are: expressions of the loop's inputs. */
export interface Elements {
	readonly x: Expression;
	readonly dtype: DType;
	/** How many there are in a slice. */
	readonly n: number;
	/** The second argument, for an op that has one: it has one element a slice. */
	readonly second?: Expression;
	readonly ddof?: number;
}

type NamesIn<Family> = {
	[K in keyof Family]: Family[K] extends OpFunction<infer Name, object> ? Name : never;
}[keyof Family];

/** The ops that reduce slices, or normalize them. */
export type ReductionName =
	| (typeof sum)["op"]["name"]
	| NamesIn<typeof reductionOps>
	| NamesIn<typeof extremeOps>
	| NamesIn<typeof softmaxOps>;

const result = (index: number): Expression => ({ kind: "result", index });
const number = (value: number, dtype: DType = "float64"): Expression => ({
	kind: "constant",
	value,
	dtype,
});
const cast = (of: Expression, dtype: DType): Expression => ({ kind: "cast", of, dtype });
const double = (of: Expression) => cast(of, "float64");
const isInteger = (dtype: DType) => dtype === "int32" || dtype === "bool";

const squareOf = (dtype: DType, x: Expression) => op.mul(dtype, x, x);
const isUnordered = (x: Expression) => op.notEqual("bool", x, x);
const isBounded = (dtype: DType, x: Expression) =>
	op.less("bool", op.abs(dtype, x), number(Number.POSITIVE_INFINITY, dtype));

function reduce(...reductions: readonly Reduction[]): Pass {
	return { kind: "reduce", reductions };
}

function slice(value: Expression, ...passes: readonly Pass[]): Recipe {
	return { passes, perElement: false, value };
}

/**
 * All elements combined, in float64; where the result is an int32 that overflows, the code fails
 * when it is stored.
 */
function combined(by: "total" | "factors") {
	return ({ x, dtype }: Elements): Recipe => slice(result(0), reduce({ by, of: x, dtype }));
}

function average({ x, dtype, n }: Elements): Recipe {
	const sum = reduce({ by: "total", of: x, dtype });
	return slice(op.div("float64", result(0), number(n)), sum);
}

/**
 * The mean square of the deviations. The mean is taken from the first element on, so that equal
 * ones deviate by exactly 0.
 */
function deviations({ x, dtype, n, ddof = 0 }: Elements): Recipe {
	const wide = double(x);
	const [first, shift, squares] = [result(0), result(1), result(2)];
	const moved = op.sub("float64", wide, first);
	const center = op.add("float64", first, op.div("float64", shift, number(n)));
	const square = squareOf("float64", op.sub("float64", wide, center));
	const freedom = number(n > ddof ? n - ddof : Number.NaN);
	return slice(
		op.div("float64", squares, freedom),
		{ kind: "first", of: wide },
		reduce({ by: "total", of: moved, dtype }),
		reduce({ by: "total", of: square, dtype }),
	);
}

/**
 * √Σx²; in float64 the elements are parts of the greatest, so that no square overflows or vanishes.
 */
function length({ x, dtype }: Elements): Recipe {
	if (dtype !== "float64") {
		const square = squareOf("float64", double(x));
		return slice(op.sqrt("float64", result(0)), reduce({ by: "total", of: square, dtype }));
	}
	const [greatest, squares] = [result(0), result(1)];
	const part = squareOf(dtype, op.div(dtype, x, greatest));
	// 0, ∞ and NaN are the length themselves.
	const ordinary = isBounded(dtype, op.div(dtype, number(1, dtype), greatest));
	const finite = isBounded(dtype, greatest);
	const scaled = op.mul(dtype, greatest, op.sqrt(dtype, squares));
	return slice(
		op.select(dtype, op.and("bool", ordinary, finite), scaled, greatest),
		reduce({ by: "greatest", of: op.abs(dtype, x), dtype }),
		reduce({ by: "total", of: part, dtype }),
	);
}

/**
 * log Σ exp(x): the greatest terms count as 1 each, and the others are added up by themselves, so
 * that small ones tell.
 */
function logOfSum(elements: Elements): Recipe {
	const { x, dtype } = asFloat(elements);
	const [greatest, others, ties] = [result(0), result(1), result(2)];
	const term = op.exp(dtype, op.sub(dtype, x, greatest));
	const smaller = op.less("bool", x, greatest);
	const more = op.sub("float64", ties, number(1));
	const log = op.log1p("float64", op.add("float64", others, more));
	return slice(
		op.select(
			"float64",
			op.equal("bool", op.abs(dtype, greatest), number(Number.POSITIVE_INFINITY, dtype)),
			greatest,
			op.add("float64", double(greatest), log),
		),
		reduce({ by: "greatest", of: x, dtype }),
		reduce(
			{ by: "total", of: op.select(dtype, smaller, term, number(0, dtype)), dtype },
			{ by: "total", of: op.equal("bool", x, greatest), dtype: "bool" },
		),
	);
}

/** The elements as floats; integers as float64. */
function asFloat({ x, dtype }: Elements): { x: Expression; dtype: DType } {
	return isInteger(dtype) ? { x: double(x), dtype: "float64" } : { x, dtype };
}

/** The passes that find the greatest element and Σ exp(x − greatest). */
function normalizing({ x, dtype }: { x: Expression; dtype: DType }) {
	const difference = op.sub(dtype, x, result(0));
	const term = op.exp(dtype, difference);
	const passes = [
		reduce({ by: "greatest", of: x, dtype }),
		reduce({ by: "total", of: term, dtype }),
	];
	return { passes, term };
}

function shares(elements: Elements): Recipe {
	const floats = asFloat(elements);
	const { passes, term } = normalizing(floats);
	const value = op.div(floats.dtype, term, cast(result(1), floats.dtype));
	return { passes, perElement: true, value };
}

function logShares(elements: Elements): Recipe {
	const floats = asFloat(elements);
	const { passes } = normalizing(floats);
	const difference = op.sub("float64", double(floats.x), double(result(0)));
	const log = op.log("float64", result(1));
	return { passes, perElement: true, value: op.sub("float64", difference, log) };
}

/** Where the first of the elements that equal `value` lies; where that is NaN, the first NaN. */
function firstEqual(x: Expression, value: Expression): Reduction {
	const isThere = op.equal("bool", x, value);
	const found = op.or("bool", isThere, isUnordered(x));
	const beyond = number(2 ** 31 - 1, "int32");
	const of = op.select("int32", found, { kind: "position" }, beyond);
	return { by: "least", of, dtype: "int32" };
}

function position(by: "greatest" | "least") {
	return ({ x, dtype }: Elements): Recipe =>
		slice(result(1), reduce({ by, of: x, dtype }), reduce(firstEqual(x, result(0))));
}

/**
 * 1 at the first element that equals the second argument, 0 elsewhere; NaN all over where that is
 * NaN.
 */
function firstMask({ x, dtype, second }: Elements): Recipe | null {
	if (isInteger(dtype)) return null;
	const isFirst = op.equal("bool", { kind: "position" }, result(0));
	const mask = op.select(dtype, isFirst, number(1, dtype), number(0, dtype));
	const missing = isUnordered(second!);
	return {
		passes: [reduce(firstEqual(x, second!))],
		perElement: true,
		value: op.select(dtype, missing, number(Number.NaN, dtype), mask),
	};
}

/**
 * How each op of slices is lowered; null where it may not be for these elements, so that the
 * interpreter runs it.
 */
export const recipes = {
	sum: combined("total"),
	prod: combined("factors"),
	mean: average,
	variance: deviations,
	std: (elements) => {
		const { passes, value } = deviations(elements);
		return slice(op.sqrt("float64", value), ...passes);
	},
	norm: length,
	logSumExp: logOfSum,
	all: ({ x, dtype }) => slice(result(0), reduce({ by: "every", of: x, dtype })),
	any: ({ x, dtype }) => slice(result(0), reduce({ by: "some", of: x, dtype })),
	max: ({ x, dtype }) => slice(result(0), reduce({ by: "greatest", of: x, dtype })),
	min: ({ x, dtype }) => slice(result(0), reduce({ by: "least", of: x, dtype })),
	argmax: position("greatest"),
	argmin: position("least"),
	maskFirst: firstMask,
	softmax: shares,
	logSoftmax: logShares,
} satisfies Record<ReductionName, (elements: Elements) => Recipe | null>;
