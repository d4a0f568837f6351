import { allocate, type DType, type TypedArray } from "../core/dtype.ts";
import { isRowMajor } from "../core/shape.ts";
import { coalesce, copyRowMajor, elements, forEachRun } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import type { Loop } from "../kernels/loops.ts";

// The loop of an elementwise op over arguments that may lie anyhow.

/** The step from one element to the next where a single loop covers the whole tensor, else null. */
function uniformStep(x: Tensor): number | null {
	if (isRowMajor(x.shape, x.strides)) return 1;
	for (let i = 0; i < x.shape.length; i++) {
		if (x.strides[i] !== 0 && x.shape[i] !== 1) return null;
	}
	return 0;
}

/**
 * Runs the loop over all elements; returns the last result that does not fit into int32, if any.
 */
export function runElementwise(
	loop: Loop,
	inputs: readonly Tensor[],
	out: TypedArray,
): number | undefined {
	const [x, y, z] = inputs;
	const sx = uniformStep(x!);
	const sy = y === undefined ? 1 : uniformStep(y);
	const sz = z === undefined ? 1 : uniformStep(z);
	if (sx === null || sy === null || sz === null) return runStrided(loop, inputs, out);
	if (y === undefined) return loop(out.length, out, 0, x!.array, x!.offset, sx);
	if (z === undefined) {
		return loop(out.length, out, 0, x!.array, x!.offset, sx, y.array, y.offset, sy);
	}
	return loop(
		out.length,
		out,
		0,
		x!.array,
		x!.offset,
		sx,
		y.array,
		y.offset,
		sy,
		z.array,
		z.offset,
		sz,
	);
}

/** Shorter runs than this are not worth a call each: the elements are put in order before. */
const SHORT = 32;
/** Rows that are repeated are put in order by copies of memory, up to a size that caches hold. */
const SHORT_REPEATED = 256;
const CACHED = 2 ** 15;

/** Whether the elements lie in order, or are one row that is repeated. */
function isQuicklyInOrder({ shape, strides }: Tensor): boolean {
	if (isRowMajor(shape, strides)) return true;
	const repeated = strides.findIndex((stride, i) => stride !== 0 && shape[i] !== 1);
	return repeated > 0 && isRowMajor(shape.slice(repeated), strides.slice(repeated));
}

/** So few elements are put in order whatever their runs: to look at these costs more. */
const FEW = 256;

/** Runs the loop over inputs whose elements are put in order before. */
function runInOrder(loop: Loop, inputs: readonly Tensor[], out: TypedArray): number | undefined {
	// To read one may run a program, whose ops put theirs in order in the same memory.
	for (const x of inputs) void x.array;
	const inOrder = inputs.map((x, i) =>
		uniformStep(x) === null ? new Tensor(orderedElements(x, i), x.dtype, x.shape) : x,
	);
	return runElementwise(loop, inOrder, out);
}

/** Up to so many elements are put in order in memory that stays: to get new memory costs more. */
const MOST_KEPT = 2 ** 14;
/** For each dtype, and each argument. */
const kept: Record<DType, TypedArray[]> = { float64: [], float32: [], int32: [], bool: [] };

/** The elements of argument `i`, in order, until the next ones are put in order. */
function orderedElements(x: Tensor, i: number): TypedArray {
	if (x.size > MOST_KEPT) return elements(x);
	const those = kept[x.dtype];
	const there = those[i];
	const to = there !== undefined && there.length >= x.size ? there : allocate(x.dtype, x.size);
	those[i] = to;
	return copyRowMajor(x, to);
}

function runStrided(loop: Loop, inputs: readonly Tensor[], out: TypedArray): number | undefined {
	if (out.length <= FEW) return runInOrder(loop, inputs, out);
	const { shape, layouts } = coalesce(inputs[0]!.shape, inputs);
	const run = shape.at(-1) ?? 1;
	const short = out.length <= CACHED && inputs.every(isQuicklyInOrder) ? SHORT_REPEATED : SHORT;
	if (run < short) return runInOrder(loop, inputs, out);
	let misfit: number | undefined;
	let o = 0;
	// A call for each run names what it reads: lists of arguments cost more than short runs.
	const [x, y, z] = inputs.map(({ array }, i) => ({
		array,
		step: layouts[i]!.strides.at(-1) ?? 1,
	}));
	forEachRun(shape, layouts, ([i, j, k]) => {
		misfit =
			(y === undefined
				? loop(run, out, o, x!.array, i!, x!.step)
				: z === undefined
					? loop(run, out, o, x!.array, i!, x!.step, y.array, j!, y.step)
					: loop(run, out, o, x!.array, i!, x!.step, y.array, j!, y.step, z.array, k!, z.step)) ??
			misfit;
		o += run;
	});
	return misfit;
}
