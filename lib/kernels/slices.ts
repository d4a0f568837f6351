import { allocate, type TypedArray } from "../core/dtype.ts";
import { sizeOf } from "../core/shape.ts";
import { coalesce, forEachRun } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";

/** Slices that are gathered together: enough for memory to be read in runs. */
const TILE = 64;
/**
 * Elements left between gathered slices, lest slices a power of two apart contend for the same
 * cache lines.
 */
const GAP = 8;

/**
 * Calls `visit` for each slice of x along the given axes (ascending), in row-major order of the
 * other axes: the n elements of slice `index` lie side by side from `values[start]`, in row-major
 * order, until `visit` returns. Slices that do not lie so in storage are gathered, several at a
 * time.
 */
export function forEachSlice(
	x: Tensor,
	axes: readonly number[],
	visit: (values: TypedArray, start: number, index: number) => void,
): void {
	const kept = layoutOf(x, axes, false);
	const along = layoutOf(x, axes, true);
	const n = sizeOf(along.shape);
	const inOrder = along.shape.length === 0 || (along.shape.length === 1 && along.strides[0] === 1);
	const run = kept.shape.at(-1) ?? 1;
	const step = kept.strides.at(-1) ?? 0;
	const tile = Math.min(TILE, run);
	const { array } = x;
	const gathered = inOrder || n === 0 ? array : allocate(x.dtype, tile * (n + GAP));
	let index = 0;
	forEachRun(kept.shape, [{ strides: kept.strides, offset: x.offset }], ([first]) => {
		if (inOrder || n === 0) {
			for (let i = 0; i < run; i++) visit(array, first! + i * step, index++);
			return;
		}
		for (let i = 0; i < run; i += tile) {
			const count = Math.min(tile, run - i);
			gather(array, first! + i * step, along, count, step, gathered, n + GAP);
			for (let t = 0; t < count; t++) visit(gathered, t * (n + GAP), index++);
		}
	});
}

/** Columns that are reduced together. */
const COLUMNS = 512;

/**
 * Calls `visit` for blocks of slices that lie side by side: slice `index + i` has its n elements at
 * start + i, start + i + stride, …, for i below `width`. False where the slices do not lie so, and
 * nothing was visited.
 */
export function forEachBlockOfColumns(
	x: Tensor,
	axes: readonly number[],
	visit: (start: number, n: number, stride: number, width: number, index: number) => void,
): boolean {
	const along = layoutOf(x, axes, true);
	if (along.shape.length !== 1 || along.strides[0] === 1) return false;
	const kept = layoutOf(x, axes, false);
	if (kept.strides.at(-1) !== 1) return false;
	const [n, stride, run] = [along.shape[0]!, along.strides[0]!, kept.shape.at(-1)!];
	let index = 0;
	forEachRun(kept.shape, [{ strides: kept.strides, offset: x.offset }], ([first]) => {
		for (let i = 0; i < run; i += COLUMNS) {
			const width = Math.min(COLUMNS, run - i);
			visit(first! + i, n, stride, width, index);
			index += width;
		}
	});
	return true;
}

/** Some of the axes of x, or the others, merged where they lie in memory as one. */
function layoutOf(x: Tensor, axes: readonly number[], belong: boolean) {
	const [shape, strides]: [number[], number[]] = [[], []];
	for (let axis = 0; axis < x.shape.length; axis++) {
		if (axes.includes(axis) !== belong) continue;
		shape.push(x.shape[axis]!);
		strides.push(x.strides[axis]!);
	}
	const { shape: sizes, layouts } = coalesce(shape, [{ strides, offset: 0 }]);
	return { shape: sizes, strides: layouts[0]!.strides };
}

/** Copies `count` slices that start `step` apart to places `width` apart. */
function gather(
	from: TypedArray,
	start: number,
	along: { readonly shape: readonly number[]; readonly strides: readonly number[] },
	count: number,
	step: number,
	to: TypedArray,
	width: number,
): void {
	const run = along.shape.at(-1) ?? 1;
	const stride = along.strides.at(-1) ?? 0;
	let o = 0;
	forEachRun(along.shape, [{ strides: along.strides, offset: start }], ([position]) => {
		for (let i = 0, at = position!; i < run; i++, at += stride, o++) {
			for (let t = 0; t < count; t++) to[o + t * width] = from[at + t * step]!;
		}
	});
}

/**
 * Does what a form says with the n elements from `start`. It gives the value of the slice, or puts
 * one for each element from `to[o]` on. `given` has the numbers of the form, and then an element of
 * each further input.
 */
export type SliceKernel = (
	x: TypedArray,
	start: number,
	n: number,
	given: readonly number[],
	to: TypedArray,
	o: number,
) => number;

/** Does it with `width` columns of n elements that lie `stride` apart. */
export type ColumnKernel = (
	x: TypedArray,
	start: number,
	n: number,
	stride: number,
	width: number,
	given: readonly number[],
) => Float64Array;

/** What does eagerly what a form says. */
export interface SliceKernels {
	readonly slice: SliceKernel;
	/** Null where columns are better gathered: there is more to do than to add elements up. */
	readonly columns: ColumnKernel | null;
}
