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
	const index = new Array<number>(Math.max(outer, 0)).fill(0);
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

/** Copies a strided window into row-major storage of the same dtype. */
function copyRowMajor(x: Strided, out: TypedArray): TypedArray {
	// An empty tensor may have other axes of any size.
	if (out.length === 0) return out;
	const { shape, layouts } = coalesce(x.shape, [x]);
	// The last two axes are walked here, since there may be many short runs.
	const [rows, run] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
	const { strides, offset } = layouts[0]!;
	const [rowStride, stride] = [strides.at(-2) ?? 0, strides.at(-1) ?? 0];
	const source = x.array;
	let o = 0;
	const outer = { strides: [...strides.slice(0, -2), 0], offset };
	forEachRun([...shape.slice(0, -2), 1], [outer], ([start]) => {
		for (let row = 0, first = start!; row < rows; row++, first += rowStride) {
			for (let i = 0, at = first; i < run; i++, at += stride) out[o++] = source[at]!;
		}
	});
	return out;
}

/**
 * The elements of a window in row-major order: a view of its storage where that is how they lie,
 * else a copy. Not to be written to.
 */
export function elements(
	x: Strided & { readonly dtype: DType; readonly size: number },
): TypedArray {
	return elementsFor("allocate", x);
}

/** The same, and where there is no room for them, the error names what was called. */
export function elementsFor(
	op: string,
	x: Strided & { readonly dtype: DType; readonly size: number },
): TypedArray {
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
	shape.forEach((size, axis) => {
		if (size === 1) return;
		const joins = layouts.every(
			({ strides }, l) => merged[l]!.strides.at(-1) === strides[axis]! * size,
		);
		if (joins && sizes.length > 0) {
			sizes[sizes.length - 1]! *= size;
			for (const [l, { strides }] of layouts.entries()) {
				merged[l]!.strides[sizes.length - 1] = strides[axis]!;
			}
		} else {
			sizes.push(size);
			for (const [l, { strides }] of layouts.entries()) merged[l]!.strides.push(strides[axis]!);
		}
	});
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
