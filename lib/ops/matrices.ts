import { eye } from "../core/create.ts";
import { allocate, commonDType, type DType } from "../core/dtype.ts";
import { DomainError, ShapeError } from "../core/error.ts";
import { floating } from "../core/lift.ts";
import type { Draw } from "../core/op.ts";
import { broadcastShapes, type Shape, showShape } from "../core/shape.ts";
import { forEachRun } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { copyMatrix, type Matrix } from "../kernels/matrix.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { expandDims, matrixTranspose } from "../structure/layout.ts";
import { add, mul } from "./arithmetic.ts";

/**
 * Checks that the last two axes span square matrices.
 * @throws ShapeError when they do not.
 */
export function checkSquare(op: string, x: Tensor): void {
	if (x.rank >= 2 && x.shape.at(-1) === x.shape.at(-2)) return;
	throw new ShapeError(
		`${op}: expected a square matrix or a batch of them, got shape ${showShape(x.shape)}`,
	);
}

/**
 * Calls `visit` for each matrix of a batch, with the position of its first element in each tensor.
 */
export function forEachMatrix(
	tensors: readonly Tensor[],
	visit: (positions: readonly number[], index: number) => void,
): void {
	let index = 0;
	const batch = tensors[0]!.shape.slice(0, -2);
	// The last axis of 1 makes each matrix a run of the walk over the leading axes.
	const layouts = tensors.map(({ strides, offset }) => ({
		strides: [...strides.slice(0, -2), 0],
		offset,
	}));
	forEachRun([...batch, 1], layouts, (positions) => visit(positions, index++));
}

/** The matrix of a batch that begins at a position of the storage. */
export function matrixAt(x: Tensor, position: number): Matrix {
	const [rowStride, columnStride] = [x.strides.at(-2)!, x.strides.at(-1)!];
	return { array: x.array, offset: position, rowStride, columnStride };
}

/** The same, row-major, in an array of float64. */
export function readMatrix(x: Tensor, position: number): Float64Array {
	const [rows, columns] = [x.shape.at(-2)!, x.shape.at(-1)!];
	const out = allocate("float64", rows * columns);
	copyMatrix(matrixAt(x, position), rows, columns, out, 0);
	return out;
}

/** The error for a matrix that an op does not accept; `index` counts the matrices of x. */
export function unfit(op: string, expected: string, is: string, x: Tensor, index: number) {
	const batch = x.shape.slice(0, -2);
	const place: number[] = [];
	let rest = index;
	for (const size of [...batch].reverse()) {
		place.unshift(rest % size);
		rest = Math.floor(rest / size);
	}
	const which = batch.length === 0 ? "the matrix" : `matrix [${place.join(", ")}] of the batch`;
	return new DomainError(`${op}: expected ${expected}, but ${which} is ${is}`);
}

/** The dtype of an equation's solution. */
export function solutionDType(op: string, a: Tensor, b: Tensor): DType {
	return floating.result(commonDType(op, a.dtype, b.dtype));
}

/**
 * The two sides of A·x = b with the batch broadcast, b as a matrix; it counts as a vector where it
 * has one axis, or one axis fewer than A.
 * @throws ShapeError when A is not square or b does not have as many rows.
 */
export function equation(
	op: string,
	a: Tensor,
	b: Tensor,
): { a: Tensor; b: Tensor; isVector: boolean } {
	checkSquare(op, a);
	const isVector = b.rank === 1 || b.rank === a.rank - 1;
	const columns = isVector ? expandDims(b, -1) : b;
	if (columns.rank < 2 || columns.shape.at(-2) !== a.shape.at(-1)) {
		throw new ShapeError(
			`${op}: expected as many rows on the right as the matrix has, got ${showShape(a.shape)} and ${showShape(b.shape)}` +
				(isVector && b.rank > 1
					? "; with one axis fewer it counts as vectors, for a matrix add an axis with expandDims(0)"
					: ""),
		);
	}
	const batch = broadcastShapes(op, [a.shape.slice(0, -2), columns.shape.slice(0, -2)]);
	return {
		a: broadcastTo(a, [...batch, ...a.shape.slice(-2)]),
		b: broadcastTo(columns, [...batch, ...columns.shape.slice(-2)]),
		isVector,
	};
}

/** Draws the leading axes of a batch of matrices. */
export function drawBatch(draw: Draw): Shape {
	return draw.pick([[], [2], [1, 3], [2, 2], [0]]);
}

/**
 * Draws a batch of n×n matrices far from singular, and positive definite: the diagonal outweighs
 * the rest of its row.
 */
export function drawRegular(draw: Draw, batch: Shape, n: number): Tensor {
	const noise = draw.tensor([...batch, n, n], { min: -1, max: 1 });
	const shifted = add(noise, mul(eye(n), n + 2));
	return draw.integer(0, 1) === 1 ? matrixTranspose(shifted) : shifted;
}
