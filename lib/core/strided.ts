import { allocate, type DType, type TypedArray } from "./dtype.ts";
import { isRowMajor, type Shape } from "./shape.ts";

/** A window onto storage: element (i, j, …) lies at offset + i·strides[0] + j·strides[1] + …. */
export interface Strided {
	readonly array: TypedArray;
	readonly shape: Shape;
	readonly strides: readonly number[];
	readonly offset: number;
}

/**
 * Calls `visit` for each run along the last axis, in row-major order, with the position of the run
 * in each of the layouts. This is the one place that walks several strided layouts of the same
 * shape at once.
 */
export function forEachRun(
	shape: Shape,
	layouts: readonly { readonly strides: readonly number[]; readonly offset: number }[],
	visit: (positions: readonly number[]) => void,
): void {
	const outer = shape.length - 1;
	if (shape.includes(0)) return;
	const positions = layouts.map((layout) => layout.offset);
	if (outer <= 0) {
		visit(positions);
		return;
	}
	const index = shape.slice(0, outer).fill(0);
	for (;;) {
		visit(positions);
		let axis = outer - 1;
		for (; axis >= 0; axis--) {
			const size = shape[axis]!;
			const carry = ++index[axis]! === size;
			for (let l = 0; l < layouts.length; l++) {
				const stride = layouts[l]!.strides[axis]!;
				positions[l]! += carry ? stride * (1 - size) : stride;
			}
			if (!carry) break;
			index[axis] = 0;
		}
		if (axis < 0) return;
	}
}

/** A window with its number of elements. */
type Sized = Strided & { readonly size: number };

/** Copies a window in row-major order into storage of the same dtype, from its first place on. */
export function copyRowMajor(x: Sized, out: TypedArray): TypedArray {
	const { size } = x;
	// An empty tensor may have other axes of any size.
	if (size === 0) return out;
	const isSmall = size <= FEW && x.shape.length < 3;
	const { shape, strides } = isSmall ? x : coalescedAlone(x);
	// The last two axes are walked here, since there may be many short runs.
	const last = shape.length - 1;
	const [rows, run] = [last > 0 ? shape[last - 1]! : 1, last >= 0 ? shape[last]! : 1];
	const [rowStride, stride] = [last > 0 ? strides[last - 1]! : 0, last >= 0 ? strides[last]! : 0];
	const { array, offset } = x;
	if (last > 1) {
		let o = 0;
		const outer = { strides: [...strides.slice(0, -2), 0], offset };
		forEachRun([...shape.slice(0, -2), 1], [outer], ([start]) => {
			copyRows(array, start!, rows, rowStride, run, stride, out, o);
			o += rows * run;
		});
	} else if (last === 1 && rowStride === 0 && stride === 1 && !isSmall) {
		repeatRow(array.subarray(offset, offset + run), out, size);
	} else {
		copyRows(array, offset, rows, rowStride, run, stride, out, 0);
	}
	return out;
}

/** So few elements are copied one by one, as they lie: to look for a shorter way costs more. */
const FEW = 256;

function coalescedAlone(x: Strided): { shape: Shape; strides: readonly number[] } {
	const { shape, layouts } = coalesce(x.shape, [x]);
	return { shape, strides: layouts[0]!.strides };
}

function copyRows(
	source: TypedArray,
	start: number,
	rows: number,
	rowStride: number,
	run: number,
	stride: number,
	out: TypedArray,
	o: number,
): void {
	for (let row = 0, first = start, to = o; row < rows; row++, first += rowStride) {
		for (let i = 0, at = first; i < run; i++, at += stride) out[to++] = source[at]!;
	}
}

/** Writes a row over and over: each copy of memory has as much as is there already. */
function repeatRow(row: TypedArray, out: TypedArray, size: number): void {
	out.set(row);
	for (let there = row.length; there < size; there *= 2) {
		out.copyWithin(there, 0, Math.min(there, size - there));
	}
}

/**
 * The elements of a window in row-major order: a view of its storage where that is how they lie,
 * else a copy. Not to be written to.
 */
export function elements(x: Sized & { readonly dtype: DType }): TypedArray {
	return elementsFor("allocate", x);
}

/** The same, and where there is no room for them, the error names what was called. */
export function elementsFor(op: string, x: Sized & { readonly dtype: DType }): TypedArray {
	if (!isRowMajor(x.shape, x.strides)) return copyRowMajor(x, allocate(x.dtype, x.size, op));
	const { array } = x;
	if (x.offset === 0 && array.length === x.size) return array;
	return array.subarray(x.offset, x.offset + x.size);
}

/**
 * Merges neighbouring axes that every one of the layouts walks as if they were one; drops axes of
 * size 1.
 */
export function coalesce(
	shape: Shape,
	layouts: readonly { readonly strides: readonly number[]; readonly offset: number }[],
): { shape: number[]; layouts: { strides: number[]; offset: number }[] } {
	const sizes: number[] = [];
	const merged = layouts.map(({ offset }) => ({ strides: [] as number[], offset }));
	for (let axis = 0; axis < shape.length; axis++) {
		const size = shape[axis]!;
		if (size === 1) continue;
		let last = sizes.length - 1;
		let joins = last >= 0;
		for (let l = 0; joins && l < layouts.length; l++) {
			joins = merged[l]!.strides[last] === layouts[l]!.strides[axis]! * size;
		}
		if (joins) sizes[last]! *= size;
		else last = sizes.push(size) - 1;
		for (let l = 0; l < layouts.length; l++) {
			merged[l]!.strides[last] = layouts[l]!.strides[axis]!;
		}
	}
	return { shape: sizes, layouts: merged };
}

/** What `coalesce` gives in another order: one of the axes comes last. */
export function withInnermost(
	{ shape, layouts }: ReturnType<typeof coalesce>,
	axis: number,
): ReturnType<typeof coalesce> {
	const moved = (all: readonly number[]) => [...all.toSpliced(axis, 1), all[axis]!];
	return {
		shape: moved(shape),
		layouts: layouts.map(({ strides, offset }) => ({ strides: moved(strides), offset })),
	};
}
