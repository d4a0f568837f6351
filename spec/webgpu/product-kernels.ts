// Kernels that multiply matrices, and arrays for them.

import { rowMajorStrides, type Shape } from "../../lib/core/shape.ts";
import { termOf } from "../../lib/scalar/formula.ts";
import { add, max, mul, type Scalar } from "../../lib/scalar/index.ts";
import type { Epilogue, KernelOf, Reading } from "../../lib/schedule/kernel.ts";
import type { KernelArray, Ran } from "./run-kernel.ts";

/** A product of matrices that lie as they are or transposed, in batches. */
export interface ProductCase {
	readonly m: number;
	readonly n: number;
	readonly k: number;
	readonly transposes?: readonly [a: boolean, b: boolean];
	readonly batch?: Shape;
	/** Whether all of a batch have the same left, or right, matrix. */
	readonly shared?: "a" | "b";
	readonly readings?: readonly Reading[];
	/** Elements between the rows of the result. */
	readonly gap?: number;
}

/** Its kernel. */
export function productKernel(given: ProductCase): KernelOf<"product"> {
	const { m, n, k, transposes = [false, false], batch = [], shared } = given;
	const { readings = [], gap = 0 } = given;
	const strides = (rows: number, columns: number, isTransposed: boolean, isShared: boolean) => {
		const inner = isTransposed ? [1, rows] : [columns, 1];
		const outer = rowMajorStrides([...batch, rows * columns]).slice(0, -1);
		return [...outer.map((stride) => (isShared ? 0 : stride)), ...inner];
	};
	const matrices = {
		...{ batch, m, n, k },
		a: strides(m, k, transposes[0], shared === "a"),
		b: strides(k, n, transposes[1], shared === "b"),
	};
	const target = rowMajorStrides([...batch, m, n + gap]);
	return { kind: "product", matrices, ...epilogue([...batch, m, n], readings, { target }) };
}

/** Where an epilogue stores, and which axis has the rows of a result. */
export interface EpilogueOptions {
	readonly target?: readonly number[];
	readonly row?: number;
}

/**
 * What follows a product with a result of this shape: nothing, or max(sum·x + y + …, 0) of what is
 * read.
 */
export function epilogue(
	shape: Shape,
	readings: readonly Reading[],
	{ target = rowMajorStrides(shape), row = shape.length - 2 }: EpilogueOptions = {},
): Epilogue {
	const whole = { dtype: "float32", strides: rowMajorStrides(shape) } as const;
	const inputs = readings.map((reading) => {
		if (reading === "element") return whole;
		const axis = { column: shape.length - 1, row, single: -1 }[reading];
		return { dtype: "float32", strides: shape.map((_, i) => (i === axis ? 1 : 0)) } as const;
	});
	const args = [whole, ...inputs].map((_, index) => ({ kind: "input", index }) as const);
	const term = termOf(
		(sum, first, ...others) =>
			max(
				others.reduce((x: Scalar, y) => add(x, y), first === undefined ? sum : mul(sum, first)),
				0,
			),
		args.length,
	);
	const value =
		readings.length === 0 ? args[0]! : ({ kind: "formula", term, args, dtype: "float32" } as const);
	const outputs = [{ dtype: "float32", strides: target, value } as const];
	return { loop: { shape, inputs: [whole, ...inputs], outputs }, readings };
}

/**
 * An array for each of these sizes: of small whole numbers, whose sums are exact, or of any between
 * -1 and 1. What lies before and after them is NaN, which nothing may read.
 */
export function arraysOf(
	sizes: readonly number[],
	offsets: readonly number[],
	values: "whole" | "any",
): KernelArray[] {
	let state = 1;
	const next = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return values === "whole" ? (state >>> 28) - 8 : state / 2 ** 31 - 1;
	};
	return sizes.map((size, i) => {
		const offset = offsets[i % offsets.length]!;
		const array = new Float32Array(offset + size + 5).fill(Number.NaN);
		for (let k = offset; k < offset + size; k++) array[k] = next();
		return { array, offset };
	});
}

/** An array with the sizes of its elements. */
export function sizesIn({ array, offset = 0 }: KernelArray): KernelArray {
	return { array: Float32Array.from(array, Math.abs), offset };
}

/** The first difference, beyond a bound where one is given; null where there is none. */
export function differsAt(
	x: Ran,
	y: Ran,
	bound: (output: number, index: number) => number = () => 0,
): string | null {
	for (const [o, array] of x.outputs.entries()) {
		for (const [i, value] of array.entries()) {
			const other = y.outputs[o]![i]!;
			if (Number.isNaN(value) && Number.isNaN(other)) continue;
			if (Math.abs(value - other) <= bound(o, i)) continue;
			return `output ${o}, element ${i}: ${value} and ${other}`;
		}
	}
	return null;
}
