import { PANEL_DEPTH } from "../asm/matrix-memory.ts";
import { allocate, commonDType, type DType } from "../core/dtype.ts";
import { DTypeError } from "../core/error.ts";
import { arithmetic, asTensor, broadcastNumber, commonArgumentDType } from "../core/lift.ts";
import type { TensorType } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import { elements, forEachRun } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { gemm, gemmOfBatch } from "./gemm.ts";
import { accumulated } from "./indices.ts";
import type { Matrix } from "./matrix.ts";
import { outerProductsFor } from "./outer-products.ts";

/** Whole numbers up to here, and their sums, are exact in float64. */
const EXACT = 2 ** 53;

/** The arguments of a product as tensors; a plain number takes the dtype of the others. */
export function operands(op: string, args: readonly TensorLike[]): readonly Tensor[] {
	if (args.every((x) => x instanceof Tensor)) return args;
	const dtype = arithmetic.lift(commonArgumentDType(op, args));
	return args.map((x) =>
		typeof x === "number" || typeof x === "boolean"
			? broadcastNumber(op, Number(x), dtype, [])
			: asTensor(op, x),
	);
}

/**
 * The dtype of a product of two tensors; bool counts as int32.
 * @throws DTypeError for two float dtypes.
 */
export function productDType(op: string, x: Tensor, w: Tensor): DType {
	return arithmetic.result(commonDType(op, x.dtype, w.dtype));
}

/**
 * Sums of products of the elements of x and w, in the dtype of the result. `multiply` forms them in
 * float64, each of at most `terms` products, so that float32 is rounded once and an int32 that
 * overflows is noticed; what it gives in float32, as it is told it may, has been rounded so.
 * @throws DTypeError where an integer result does not fit, or its terms are too large to be summed
 * exactly.
 */
export function sumsOfProducts(
	op: string,
	x: Tensor,
	w: Tensor,
	terms: number,
	{ shape, dtype }: TensorType,
	multiply: (x: Tensor, w: Tensor, dtype: DType) => Float64Array | Float32Array,
): Tensor {
	// No loop may go over the other axes of an empty tensor.
	if (x.size * w.size === 0) return broadcastNumber(op, 0, dtype, shape);
	const sums = multiply(x, w, dtype);
	if (sums instanceof Float32Array) return new Tensor(sums, dtype, shape);
	if (dtype === "int32" && greatest(x) * greatest(w) * terms > EXACT) {
		// The product of the absolute values bounds every partial sum.
		for (const bound of multiply(absolute(x), absolute(w), dtype)) {
			if (bound <= EXACT) continue;
			throw new DTypeError(
				`${op}: the terms of an int32 result add up to ${bound}, too large to be exact; ` +
					'cast first, for example with .astype("float64")',
			);
		}
	}
	return accumulated(op, sums, dtype, shape);
}

/** The last two axes of a tensor as a matrix. */
function lastMatrix(x: Tensor, offset: number): Matrix {
	return {
		array: x.array,
		offset,
		rowStride: x.strides.at(-2)!,
		columnStride: x.strides.at(-1)!,
	};
}

/**
 * The matrix products over the last two axes of tensors whose other axes are the same, as
 * `sumsOfProducts` wants them.
 */
export function multiplyMatrices(x: Tensor, w: Tensor, dtype: DType): Float64Array | Float32Array {
	const [m, n, k] = [x.shape.at(-2)!, w.shape.at(-1)!, x.shape.at(-1)!];
	const batch = x.shape.slice(0, -2);
	const sums = zerosForSums(dtype, k, sizeOf(batch) * m * n);
	if (k === 1 && batch.length < 2) {
		const multiply = outerProductsFor(x.array, w.array, sums);
		const [[xe, xs], [we, ws]] = [apart(x, -2), apart(w, -1)];
		multiply(batch[0] ?? 1, m, n, x.array, x.offset, xe, xs, w.array, w.offset, we, ws, sums);
		return sums;
	}
	if (batch.length === 1) {
		const [left, right] = [lastMatrix(x, x.offset), lastMatrix(w, w.offset)];
		gemmOfBatch(batch[0]!, m, n, k, left, x.strides[0]!, right, w.strides[0]!, sums);
		return sums;
	}
	if (batch.length === 0) {
		gemm(m, n, k, lastMatrix(x, x.offset), lastMatrix(w, w.offset), sums, 0);
		return sums;
	}
	let o = 0;
	// Each batch is one step of a walk over the leading axes; the last axis of 1 makes it a run.
	const layout = (t: Tensor) => ({ strides: [...t.strides.slice(0, -2), 0], offset: t.offset });
	forEachRun([...batch, 1], [layout(x), layout(w)], ([left, right]) => {
		gemm(m, n, k, lastMatrix(x, left!), lastMatrix(w, right!), sums, o);
		o += m * n;
	});
	return sums;
}

/** How far apart the matrices of a batch lie, and the elements along an axis. */
function apart({ rank, strides }: Tensor, axis: number): readonly [number, number] {
	return [rank > 2 ? strides[0]! : 0, strides.at(axis)!];
}

/** Zeros to which `gemm` adds sums of so many terms; float32 where each is stored only once. */
export function zerosForSums(
	dtype: DType,
	terms: number,
	size: number,
): Float64Array | Float32Array {
	if (dtype === "float32" && terms <= PANEL_DEPTH) {
		return allocate("float32", size) as Float32Array;
	}
	return allocate("float64", size);
}

function absolute(x: Tensor): Tensor {
	return new Tensor(Float64Array.from(elements(x), Math.abs), "float64", x.shape);
}

function greatest(x: Tensor): number {
	const values = elements(x);
	let most = 0;
	for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
	return most;
}
