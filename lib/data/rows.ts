import { ShapeError } from "../core/error.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { flatten } from "../core/tree.ts";
import type { Indices } from "../ops/indexing.ts";
import { take } from "../ops/indexing.ts";
import { slice } from "../ops/slicing.ts";

/** Examples in a nested structure of tensors: row i of every tensor belongs to example i. */
export interface Rows<T> {
	/** How many examples there are. */
	readonly count: number;
	/** The examples with these numbers, in this order. */
	readonly take: (numbers: Indices) => T;
	/** The examples from one number up to another. */
	readonly slice: (start: number, end: number) => T;
}

/**
 * Looks at tensors that share their first axis as rows.
 * @throws ShapeError when first axes differ in size, or a tensor is a scalar, naming the tensor
 */
export function rowsOf<T>(op: string, data: T): Rows<T> {
	const { leaves, paths, rebuild } = flatten(op, data, "data");
	const count = leaves[0]?.shape[0];
	for (const [i, { shape }] of leaves.entries()) {
		if (shape[0] !== undefined && shape[0] === count) continue;
		throw new ShapeError(
			`${op}: expected tensors with the same number of rows, got ${showShape(leaves[0]!.shape)} at data${paths[0]} ` +
				`and ${showShape(shape)} at data${paths[i]}`,
		);
	}
	if (count === undefined) throw new ShapeError(`${op}: expected at least one tensor, got none`);
	const each = (f: (x: Tensor) => Tensor) => rebuild<T>(leaves.map(f));
	return {
		count,
		take: (numbers) => each((x) => take(x, numbers, 0)),
		slice: (start, end) => each((x) => slice(x, [start, end])),
	};
}

/** @throws ShapeError when a batch size is not a whole number from 1 */
export function checkBatchSize(op: string, batchSize: number): void {
	if (Number.isSafeInteger(batchSize) && batchSize >= 1) return;
	throw new ShapeError(
		`${op}: expected a batch size that is a whole number from 1, got ${batchSize}`,
	);
}
