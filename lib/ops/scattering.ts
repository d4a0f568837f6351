import { calledAs } from "../core/called-as.ts";
import { full } from "../core/create.ts";
import { commonDType, type DType } from "../core/dtype.ts";
import { asTensor, broadcastNumber } from "../core/lift.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { type Indices, indicesOf, sumDType } from "../kernels/indices.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { reshape } from "../structure/layout.ts";
import { add, maximum, minimum, mul } from "./arithmetic.ts";
import { astype } from "./cast.ts";
import { equal, less, where } from "./comparison.ts";
import { gatheredShape } from "./index-tuples.ts";
import { concat } from "./joining.ts";
import { slice } from "./slicing.ts";
import { argsort } from "./sorting.ts";
import { take } from "./taking.ts";
import { extremesAt, isReached, lastAt, rowsOfWinners } from "./winning-rows.ts";

/** A tensor, and rows that go to places of it: those that index tuples have on its first axes. */
interface Scattering {
	readonly x: Tensor;
	/** (count×k), for the k axes of `places`. */
	readonly tuples: Tensor;
	/** (count×…), what comes after those axes. */
	readonly rows: Tensor;
	readonly places: Shape;
}

/** x with what `combine` makes of the updates that go to its places. */
function scattered(
	op: string,
	x: TensorLike,
	indices: Indices,
	updates: TensorLike,
	numberDType: (x: Tensor) => DType,
	combine: (scattering: Scattering) => Tensor,
): Tensor {
	const t = asTensor(op, x);
	const at = indicesOf(op, indices);
	const given =
		typeof updates === "number"
			? broadcastNumber(op, updates, numberDType(t), [])
			: asTensor(op, updates);
	const dtype = commonDType(op, t.dtype, given.dtype);
	const shape = gatheredShape(op, t.shape, at);
	const depth = at.shape.at(-1)!;
	const count = sizeOf(at.shape.slice(0, -1));
	return calledAs(op, () => {
		const all = broadcastTo(given, shape);
		if (count === 0) return astype(t, dtype);
		return combine({
			x: t,
			tuples: reshape(at, [count, depth]),
			rows: reshape(all, [count, ...t.shape.slice(depth)]),
			places: t.shape.slice(0, depth),
		});
	});
}

/**
 * x with updates in place of what is at many index tuples, as `gather` reads them; the updates
 * broadcast to the shape that `gather` would give. Of updates at one place the last one stands, and
 * takes the gradient; x has none there. A number takes the dtype of x, else both meet in one.
 * @throws DomainError for an index out of range
 * @throws ShapeError for updates or indices that do not fit
 * @throws DTypeError for indices that are not int32, or float32 beside float64
 */
export function scatterSet(x: TensorLike, indices: Indices, updates: TensorLike): Tensor {
	const dtype = (t: Tensor) => t.dtype;
	return scattered("scatterSet", x, indices, updates, dtype, ({ x, tuples, rows, places }) => {
		const last = lastAt(tuples, places);
		return where(isReached(last, rows.rank - 1), rowsOfWinners(rows, last), x);
	});
}

/**
 * x times the updates at many index tuples, as `gather` reads them; the updates broadcast to the
 * shape that `gather` would give. All updates of a place are multiplied, in pairs of neighbours.
 * The gradient is exact where factors are 0, to any order: it never divides.
 * @throws DomainError for an index out of range
 * @throws ShapeError for updates or indices that do not fit
 * @throws DTypeError for indices that are not int32, float32 beside float64, or a product that
 * overflows int32
 */
export function scatterMul(x: TensorLike, indices: Indices, updates: TensorLike): Tensor {
	return scattered("scatterMul", x, indices, updates, sumDType, ({ x, tuples, rows, places }) => {
		const positions = positionsOf(tuples, places);
		const order = argsort(positions);
		const products = productsOfEqual(take(positions, order, 0), take(rows, order, 0));
		const last = lastAt(take(tuples, order, 0), places);
		return mul(x, where(isReached(last, rows.rank - 1), rowsOfWinners(products, last), 1));
	});
}

/** Where places lie among all of them, in row-major order. */
function positionsOf(tuples: Tensor, places: Shape): Tensor {
	let positions = full([tuples.shape[0]!], 0, { dtype: "int32" });
	for (const [k, size] of places.entries()) {
		const index = slice(tuples, null, k);
		positions = add(mul(positions, size), where(less(index, 0), add(index, size), index));
	}
	return positions;
}

/**
 * For each row the product of those before it that have the same position, and itself. The
 * positions are sorted. Each round multiplies twice as many rows as the one before it.
 */
function productsOfEqual(positions: Tensor, rows: Tensor): Tensor {
	const rest = new Array<number>(rows.rank - 1).fill(1);
	const most = mostEqual(positions);
	let products = rows;
	for (let step = 1; step < most; step *= 2) {
		const [before, behind] = [[null, -step], [step]] as const;
		const alike = equal(slice(positions, behind), slice(positions, before));
		const isSame = reshape(alike, [alike.size, ...rest]);
		const factors = where(isSame, slice(products, before), 1);
		const multiplied = mul(slice(products, behind), factors);
		products = concat([slice(products, [null, step]), multiplied]);
	}
	return products;
}

/** How many of sorted positions are the same; where they are not known, they all may be. */
function mostEqual(positions: Tensor): number {
	if (positions.node !== null || !ArrayBuffer.isView(positions.storage)) return positions.size;
	let [most, run] = [0, 0];
	for (const [i, position] of positions.data.entries()) {
		run = position === positions.data[i - 1] ? run + 1 : 1;
		most = Math.max(most, run);
	}
	return most;
}

/**
 * The greater of x and the greatest of the updates at each of many index tuples, as `gather` reads
 * them; the updates broadcast to the shape that `gather` would give. At a tie x takes the whole
 * gradient, among updates the first, as `maximum` and `max` have it. A NaN shows in the value and
 * in the gradient.
 * @throws DomainError for an index out of range
 * @throws ShapeError for updates or indices that do not fit
 * @throws DTypeError for indices that are not int32, or float32 beside float64
 */
export function scatterMax(x: TensorLike, indices: Indices, updates: TensorLike): Tensor {
	return scatterExtreme("scatterMax", x, indices, updates, false);
}

/**
 * The smaller of x and the smallest of the updates at each of many index tuples: `scatterMax` for
 * the least.
 * @throws DomainError for an index out of range
 * @throws ShapeError for updates or indices that do not fit
 * @throws DTypeError for indices that are not int32, or float32 beside float64
 */
export function scatterMin(x: TensorLike, indices: Indices, updates: TensorLike): Tensor {
	return scatterExtreme("scatterMin", x, indices, updates, true);
}

function scatterExtreme(
	op: string,
	x: TensorLike,
	indices: Indices,
	updates: TensorLike,
	least: boolean,
): Tensor {
	return scattered(op, x, indices, updates, sumDType, ({ x, tuples, rows }) => {
		const { value, reached } = extremesAt(rows, tuples, x.shape, least);
		// Where nothing is put, neither what is there nor any row may show in the comparison.
		const [own, put] = [where(reached, x, 0), where(reached, value, 0)];
		return where(reached, least ? minimum(own, put) : maximum(own, put), x);
	});
}
