import type * as fc from "fast-check";
import type { DType } from "../core/dtype.ts";
import { DTypeError } from "../core/error.ts";
import type { Domain, Draw } from "../core/op.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { mul } from "../ops/arithmetic.ts";
import { astype } from "../ops/cast.ts";
import { drawn } from "./arbitrary-draw.ts";
import { eighths, type Layout, layOut } from "./sampling.ts";

/** Bounds of the shapes to draw. */
export interface ShapeOptions {
	/** Left out: 0. */
	readonly minRank?: number;
	/** Left out: 4. */
	readonly maxRank?: number;
	/** The fewest elements of an axis; left out: 0, so that empty tensors are tried too. */
	readonly minSize?: number;
}

/** Shapes: of rank 0 to 4, with fewer than a hundred elements. They shrink to `[]`. */
export function shapes(options: ShapeOptions = {}): fc.Arbitrary<number[]> {
	return drawn((draw) => draw.shape(options));
}

/**
 * Groups of shapes that broadcast against each other, a pair unless `count` says otherwise: parts
 * of one shape, some axes cut down to size 1 and some left out at the front.
 */
export function broadcastableShapes(
	count = 2,
	options: ShapeOptions = {},
): fc.Arbitrary<number[][]> {
	return drawn((draw) => {
		const whole = draw.shape(options);
		return Array.from({ length: count }, () =>
			whole
				.slice(draw.integer(0, whole.length - Math.min(whole.length, options.minRank ?? 0)))
				.map((size) => (draw.integer(0, 3) === 3 ? 1 : size)),
		);
	});
}

/**
 * Axes of a tensor of this rank: any of them, each once and in any order, some counted from the
 * end.
 */
export function axes(rank: number): fc.Arbitrary<number[]> {
	return drawn((draw) => {
		const left = Array.from({ length: rank }, (_, i) => i);
		return Array.from({ length: draw.integer(0, rank) }, () => {
			const [axis] = left.splice(draw.integer(0, left.length - 1), 1);
			return draw.integer(0, 2) === 2 ? axis! - rank : axis!;
		});
	});
}

/** What tensors to draw. */
export interface RandomTensorOptions extends ShapeOptions {
	/** Left out: any, within the bounds. */
	readonly shape?: Shape;
	/** Left out: `float64`. */
	readonly dtype?: DType;
	/**
	 * Where elements may lie: from −2 to 2 unless it says otherwise; they keep ¼ away from what it
	 * says to `avoid`.
	 */
	readonly domain?: Domain;
	/**
	 * No two elements are close to each other, away from the kinks of extremes and of sorting; takes
	 * the place of `domain`.
	 */
	readonly distinct?: boolean;
	/**
	 * Some elements are special for the dtype: ±0, ±∞, NaN, the tiniest and the hugest numbers, and
	 * for int32 its bounds; they do not ask what the domain is.
	 */
	readonly special?: boolean;
}

const SPECIAL: Readonly<Record<DType, readonly number[]>> = {
	float64: [0, -0, Infinity, -Infinity, Number.NaN, 5e-324, -1e-310, 1e300, -1.7e308],
	float32: [0, -0, Infinity, -Infinity, Number.NaN, 2 ** -149, -1e-40, 1e38, -3.4e38],
	int32: [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)],
	bool: [0, 1],
};

/**
 * Tensors, at times as strided views. Elements of floats are eighths, easy to read in a
 * counterexample; those of int32 are whole numbers. They shrink to small shapes of zeros.
 * @throws DTypeError for distinct bools
 */
export function tensors(options: RandomTensorOptions = {}): fc.Arbitrary<Tensor> {
	return drawn((draw) => drawTensor(draw, options));
}

function drawTensor(draw: Draw, options: RandomTensorOptions): Tensor {
	const { dtype = "float64", domain, distinct = false, special = false } = options;
	const shape = options.shape ?? draw.shape(options);
	if (distinct) {
		if (dtype === "bool") throw new DTypeError("tensors: there are only two distinct bools");
		// As eighths, or for int32 as what the eighths count.
		return astype(mul(draw.distinct(shape), dtype === "int32" ? 8 : 1), dtype);
	}
	const points = pointsOf(dtype, domain);
	const values = Array.from({ length: sizeOf(shape) }, () =>
		draw.pick(special && draw.integer(0, 3) === 3 ? SPECIAL[dtype] : points),
	);
	return layOut(values, shape, dtype, draw.integer(0, 3) as Layout);
}

function pointsOf(dtype: DType, domain: Domain | undefined): readonly number[] {
	if (dtype === "bool") return [0, 1];
	const points = eighths(domain);
	return dtype === "int32" ? points.filter(Number.isInteger) : points;
}

/** A tensor, or arrays and objects of such things: what a model's parameters may be. */
export type Nested = Tensor | readonly Nested[] | { readonly [name: string]: Nested };

const NAMES = ["w", "b", "layers", "gain", "head"];

/**
 * Nested parameters: a tensor, or arrays and objects of tensors, up to three deep; there is at
 * least one tensor in them. They shrink to a single scalar.
 */
export function nestedParameters(options: RandomTensorOptions = {}): fc.Arbitrary<Nested> {
	const one = (draw: Draw, depth: number): Nested => {
		const kind = depth === 0 ? 0 : draw.integer(0, 2);
		if (kind === 0) return drawTensor(draw, options);
		const items = Array.from({ length: draw.integer(1, 3) }, () => one(draw, depth - 1));
		return kind === 1 ? items : Object.fromEntries(items.map((item, i) => [NAMES[i]!, item]));
	};
	return drawn((draw) => one(draw, 3));
}
