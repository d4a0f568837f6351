import { eye } from "../../core/create.ts";
import { ShapeError } from "../../core/error.ts";
import { showShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import { sum } from "../../structure/broadcasting.ts";
import { matrixTranspose } from "../../structure/layout.ts";
import { abs, add, div, mul, sub } from "../arithmetic.ts";
import { lessEqual, where } from "../comparison.ts";
import { slice } from "../slicing.ts";
import { tril } from "../triangles.ts";

/** @throws ShapeError for a tensor with fewer than two axes */
export function checkMatrices(op: string, x: Tensor): void {
	if (x.rank >= 2) return;
	throw new ShapeError(
		`${op}: expected a matrix or a batch of them, got shape ${showShape(x.shape)}`,
	);
}

/**
 * The matrices that lie one above the other, by how many rows each has: an op has one result, and a
 * factorization with several gives them so.
 */
export function rowBlocks(x: Tensor, counts: readonly number[]): Tensor[] {
	const before = new Array<null>(x.rank - 2).fill(null);
	let start = 0;
	return counts.map((count) => {
		start += count;
		return slice(x, ...before, [start - count, start]);
	});
}

/** The matrices that lie side by side, by how many columns each has. */
export function columnBlocks(x: Tensor, counts: readonly number[]): Tensor[] {
	return rowBlocks(matrixTranspose(x), counts).map((part) => matrixTranspose(part));
}

/** L of what elimination gives: what is below the diagonal, and ones on it. */
export function lowerOf(x: Tensor): Tensor {
	return add(tril(x, -1), eye(x.shape.at(-2)!, x.shape.at(-1)!, { dtype: x.dtype }));
}

/** (x + xᵀ)/2 of each matrix. */
export function symmetricPart(x: Tensor): Tensor {
	return mul(0.5, add(x, matrixTranspose(x)));
}

/** By which part numbers of a dtype are rounded. */
export function roundingOf({ dtype }: Tensor): number {
	return dtype === "float32" ? 2 ** -23 : 2 ** -52;
}

/**
 * 1/(λⱼ − λᵢ) for values in a row, (…×1×n) to (…×n×n); 0 where they are equal to rounding, and so
 * on the diagonal.
 */
export function inverseGaps(values: Tensor): Tensor {
	const gaps = sub(values, matrixTranspose(values));
	const limit = mul(roundingOf(values), sum(abs(values), -1, { keepDims: true }));
	const isTie = lessEqual(abs(gaps), limit);
	return where(isTie, 0, div(1, where(isTie, 1, gaps)));
}
