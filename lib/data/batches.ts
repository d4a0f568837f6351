import * as kind from "../core/argument-kinds.ts";
import { ShapeError } from "../core/error.ts";
import { checkOptions } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { slice } from "../ops/slicing.ts";
import { permutation } from "../random/discrete.ts";
import { checkBatchSize, rowsOf } from "./rows.ts";

/** How data are cut into batches. */
export interface BatchOptions {
	/** How many rows a batch has. */
	readonly batchSize: number;
	/**
	 * Shuffles the rows: another key for each epoch gives another order. Left out: they stay in
	 * order.
	 */
	readonly key?: Tensor;
	/** Leaves out a last batch of fewer rows; left out: it is given too. */
	readonly dropLast?: boolean;
}

/** Batches to go through, any number of times, always the same ones. */
export interface Batches<T> extends Iterable<T> {
	/** How many there are. */
	readonly length: number;
}

/**
 * Data cut into batches along the first axis: `for (const { x, y } of batches({ x, y }, {
 * batchSize: 32, key }))`. The data are a tensor or a nested structure of tensors with the same
 * number of rows; so is a batch.
 * @throws ShapeError when numbers of rows differ, or the batch size is not a whole number from 1
 */
export function batches<T>(data: T, options: BatchOptions): Batches<T> {
	const kinds = { batchSize: kind.anything, key: kind.aTensor, dropLast: kind.flag };
	const { batchSize, key, dropLast = false } = checkOptions("batches", options, kinds);
	checkBatchSize("batches", batchSize);
	const { count, ...rows } = rowsOf("batches", data);
	const order = key === undefined ? null : permutation(key, count);
	const length = dropLast ? Math.floor(count / batchSize) : Math.ceil(count / batchSize);
	return {
		length,
		*[Symbol.iterator]() {
			for (let i = 0; i < length; i++) {
				const [start, end] = [i * batchSize, Math.min((i + 1) * batchSize, count)];
				yield order === null ? rows.slice(start, end) : rows.take(slice(order, [start, end]));
			}
		},
	};
}

/** How data are split in two. */
export interface SplitOptions {
	/** The part of the rows that is kept for the test, more than 0 and less than 1. */
	readonly testFraction: number;
	/** Shuffles the rows first; left out: the last rows are kept for the test. */
	readonly key?: Tensor;
}

/**
 * Data split by rows into what is trained on and what is kept for the test; each row is in exactly
 * one of them. The number of rows of the test is rounded, and neither part is left empty.
 * @throws ShapeError when numbers of rows differ, there are fewer than 2, or the fraction is not
 * between 0 and 1
 */
export function trainTestSplit<T>(data: T, options: SplitOptions): [train: T, test: T] {
	const kinds = { testFraction: kind.number, key: kind.aTensor };
	const given = checkOptions("trainTestSplit", options, kinds, ["testFraction"]);
	const { testFraction, key } = given;
	const { count, ...rows } = rowsOf("trainTestSplit", data);
	if (!(testFraction > 0 && testFraction < 1) || count < 2) {
		throw new ShapeError(
			`trainTestSplit: expected at least 2 rows and a fraction between 0 and 1, got ${count} rows and ${testFraction}`,
		);
	}
	const tested = Math.min(Math.max(Math.round(count * testFraction), 1), count - 1);
	const trained = count - tested;
	if (key === undefined) return [rows.slice(0, trained), rows.slice(trained, count)];
	const order = permutation(key, count);
	return [rows.take(slice(order, [0, trained])), rows.take(slice(order, [trained, count]))];
}
