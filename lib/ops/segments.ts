import { calledAs } from "../core/called-as.ts";
import { full, ones } from "../core/create.ts";
import { isFloat } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { checkShape, type Shape, sameShape, showShape } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { type Indices, indicesOf, sumDType } from "../kernels/indices.ts";
import { reshape } from "../structure/layout.ts";
import { div, maximum } from "./arithmetic.ts";
import { astype } from "./cast.ts";
import { where } from "./comparison.ts";
import { scatterMul } from "./scattering.ts";
import { untake } from "./taking.ts";
import { extremesAt } from "./winning-rows.ts";

/** Rows of data, and the segment of each. */
interface Segments {
	/** (count×…). */
	readonly rows: Tensor;
	/** (count). */
	readonly ids: Tensor;
	/** Of a result: a row for each segment. */
	readonly shape: Shape;
}

/** What `f` gives for data whose first axes are those of the ids. */
function overSegments(
	op: string,
	data: TensorLike,
	segmentIds: Indices,
	numSegments: number,
	f: (segments: Segments) => Tensor,
): Tensor {
	const x = asTensor(op, data);
	const ids = indicesOf(op, segmentIds);
	checkShape(op, [numSegments]);
	const rest = x.shape.slice(ids.rank);
	if (!sameShape(x.shape.slice(0, ids.rank), ids.shape)) {
		throw new ShapeError(
			`${op}: expected a segment for each of the first entries of ${showShape(x.shape)}, got ids of shape ${showShape(ids.shape)}`,
		);
	}
	const rows = reshape(x, [ids.size, ...rest]);
	const shape = [numSegments, ...rest];
	return calledAs(op, () => f({ rows, ids: reshape(ids, [ids.size]), shape }));
}

/**
 * The sum of the entries of data in each of `numSegments` segments. The ids, one for each entry
 * along the first axis, or for each along the first axes, say to which segment it belongs, in any
 * order; negative ones count from the end. A segment without entries gives 0.
 * @throws DomainError for an id out of range
 * @throws ShapeError where the ids do not have the first axes of data
 * @throws DTypeError for ids that are not int32, or a sum that overflows int32
 */
export function segmentSum(data: TensorLike, segmentIds: Indices, numSegments: number): Tensor {
	return overSegments("segmentSum", data, segmentIds, numSegments, ({ rows, ids, shape }) =>
		untake(rows, ids, 0, shape[0]!),
	);
}

/**
 * The mean of the entries of data in each segment, as `segmentSum` has them; int32 and bool give
 * float64. A segment without entries gives 0.
 * @throws DomainError for an id out of range
 * @throws ShapeError where the ids do not have the first axes of data
 * @throws DTypeError for ids that are not int32
 */
export function segmentMean(data: TensorLike, segmentIds: Indices, numSegments: number): Tensor {
	return overSegments("segmentMean", data, segmentIds, numSegments, ({ rows, ids, shape }) => {
		const numbers = isFloat(rows.dtype) ? rows : astype(rows, "float64");
		const counts = untake(ones(ids.shape, { dtype: numbers.dtype }), ids, 0, shape[0]!);
		const each = reshape(maximum(counts, 1), [shape[0]!, ...shape.slice(1).map(() => 1)]);
		return div(untake(numbers, ids, 0, shape[0]!), each);
	});
}

/**
 * The product of the entries of data in each segment, as `segmentSum` has them, multiplied in pairs
 * of neighbours. The gradient is exact where factors are 0, to any order. A segment without entries
 * gives 1.
 * @throws DomainError for an id out of range
 * @throws ShapeError where the ids do not have the first axes of data
 * @throws DTypeError for ids that are not int32, or a product that overflows int32
 */
export function segmentProd(data: TensorLike, segmentIds: Indices, numSegments: number): Tensor {
	return overSegments("segmentProd", data, segmentIds, numSegments, ({ rows, ids, shape }) =>
		scatterMul(ones(shape, { dtype: sumDType(rows) }), reshape(ids, [ids.size, 1]), rows),
	);
}

/**
 * The greatest entry of data in each segment, as `segmentSum` has them, elementwise. Of equals the
 * first takes the whole gradient; a NaN is taken before all numbers, and takes it too. A segment
 * without entries gives −∞, of int32 the least number there is. Bool gives int32.
 * @throws DomainError for an id out of range
 * @throws ShapeError where the ids do not have the first axes of data
 * @throws DTypeError for ids that are not int32
 */
export function segmentMax(data: TensorLike, segmentIds: Indices, numSegments: number): Tensor {
	return segmentExtreme("segmentMax", data, segmentIds, numSegments, false);
}

/**
 * The smallest entry of data in each segment: `segmentMax` for the least. A segment without entries
 * gives ∞, of int32 the greatest number there is.
 * @throws DomainError for an id out of range
 * @throws ShapeError where the ids do not have the first axes of data
 * @throws DTypeError for ids that are not int32
 */
export function segmentMin(data: TensorLike, segmentIds: Indices, numSegments: number): Tensor {
	return segmentExtreme("segmentMin", data, segmentIds, numSegments, true);
}

function segmentExtreme(
	op: string,
	data: TensorLike,
	segmentIds: Indices,
	numSegments: number,
	least: boolean,
): Tensor {
	return overSegments(op, data, segmentIds, numSegments, ({ rows, ids, shape }) => {
		const numbers = rows.dtype === "bool" ? astype(rows, "int32") : rows;
		const { dtype } = numbers;
		const none = isFloat(dtype) ? Number.POSITIVE_INFINITY : 2 ** 31 - 1;
		const empty = least ? none : isFloat(dtype) ? -none : -(2 ** 31);
		if (ids.size === 0) return full(shape, empty, { dtype });
		const tuples = reshape(ids, [ids.size, 1]);
		const { value, reached } = extremesAt(numbers, tuples, shape, least);
		return where(reached, value, empty);
	});
}
