import { calledAs } from "../core/called-as.ts";
import { tensor } from "../core/create.ts";
import { allocate, type DType, doesNotFit, isFloat } from "../core/dtype.ts";

import { DomainError, DTypeError } from "../core/error.ts";
import type { Draw } from "../core/op.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";

/**
 * Whole numbers that pick elements: an int32 tensor, a number, or numbers in nested arrays.
 * Negative ones count from the end.
 */
export type Indices = Tensor | number | NestedIndices;
type NestedIndices = readonly (number | NestedIndices)[];

/**
 * The indices as an int32 tensor.
 * @throws DTypeError for a float or bool tensor, or numbers that are not whole
 */
export function indicesOf(op: string, indices: Indices): Tensor {
	const given = indices instanceof Tensor;
	const x = given ? indices : calledAs(op, () => tensor(indices));
	if (x.dtype === "int32") return x;
	if (given || x.dtype === "bool") {
		const way = isFloat(x.dtype) ? ', cast them with .astype("int32")' : "";
		throw new DTypeError(`${op}: expected int32 indices, got ${x.dtype}${way}`);
	}
	const { array } = x;
	const out = Int32Array.from(array);
	const wrong = out.findIndex((index, i) => index !== array[i]!);
	if (wrong >= 0) {
		throw new DTypeError(`${op}: expected int32 indices, got ${array[wrong]}`);
	}
	return new Tensor(out, "int32", x.shape);
}

/**
 * The indices in row-major order, counted from the front. Not to be written to.
 * @throws DomainError for an index outside of the axis.
 */
export function positionsOf(op: string, indices: Tensor, axis: number, size: number): Int32Array {
	const given = elements(indices) as Int32Array;
	// Their signs, and those of how far they lie inside: a loop with no branch in it.
	let [signs, inside] = [0, 0];
	for (let i = 0; i < given.length; i++) {
		const index = given[i]!;
		signs |= index;
		inside |= (index + size) | (size - 1 - index);
	}
	// Of an axis of more than 2³⁰ a distance may look negative.
	const wrong = inside < 0 ? given.find((index) => index < -size || index >= size) : undefined;
	if (wrong !== undefined) throw outOfRange(op, wrong, axis, size);
	return signs < 0 ? given.map((index) => (index < 0 ? index + size : index)) : given;
}

/**
 * For each row of the last axis of the indices, which indexes the leading axes of a tensor of this
 * shape, the position among the blocks that these axes enumerate in row-major order.
 * @throws DomainError for an index outside of its axis.
 */
export function blockPositionsOf(op: string, indices: Tensor, shape: Shape): Int32Array {
	const given = elements(indices);
	const depth = indices.shape.at(-1)!;
	const out = new Int32Array(sizeOf(indices.shape.slice(0, -1)));
	for (let i = 0; i < out.length; i++) {
		let position = 0;
		for (let axis = 0; axis < depth; axis++) {
			const index = given[i * depth + axis]!;
			const size = shape[axis]!;
			if (index < -size || index >= size) throw outOfRange(op, index, axis, size);
			position = position * size + (index < 0 ? index + size : index);
		}
		out[i] = position;
	}
	return out;
}

function outOfRange(op: string, index: number, axis: number, size: number): DomainError {
	return new DomainError(`${op}: index ${index} is out of range for axis ${axis} of size ${size}`);
}

/** The dtype in which elements are added up. */
export function sumDType(x: Tensor): DType {
	return x.dtype === "bool" ? "int32" : x.dtype;
}

/**
 * Sums in their dtype. They are accumulated in float64, so that float32 is rounded once and an
 * int32 that overflows is noticed.
 */
export function accumulated(op: string, sums: Float64Array, dtype: DType, shape: Shape): Tensor {
	if (dtype === "float64") return new Tensor(sums, dtype, shape);
	const out = allocate(dtype, sums.length);
	for (let i = 0; i < sums.length; i++) {
		const sum = sums[i]!;
		if (dtype === "int32" && sum !== (sum | 0)) throw doesNotFit(op, sum);
		out[i] = sum;
	}
	return new Tensor(out, dtype, shape);
}

/** Random indices of an axis, negative ones among them. */
export function drawIndices(draw: Draw, shape: Shape, size: number): Tensor {
	const indices = Int32Array.from({ length: sizeOf(shape) }, () => draw.integer(-size, size - 1));
	return new Tensor(indices, "int32", shape);
}
