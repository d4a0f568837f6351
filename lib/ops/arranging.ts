import { calledAs } from "../core/called-as.ts";
import { allocate } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { axisBehind } from "../core/lead.ts";
import { asTensor } from "../core/lift.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { checkNoMore } from "../core/options.ts";
import {
	type Axes,
	checkList,
	listOfAxes,
	normalizeAxis,
	type Shape,
	showShape,
	sizeOf,
} from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { MOST_EMPTY, Tensor, type TensorLike } from "../core/tensor.ts";
import { call } from "../notation/call.ts";
import { view, wrapped } from "../notation/plain.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { reshape } from "../structure/layout.ts";
import { linear } from "../structure/linear.ts";
import { take } from "./indexing.ts";
import { slice } from "./slicing.ts";

/** The shape with a size in place of the axis. */
function withSize(shape: Shape, axis: number, ...sizes: number[]): number[] {
	return [...shape.slice(0, axis), ...sizes, ...shape.slice(axis + 1)];
}

function checkCount(op: string, what: string, count: number): void {
	if (!Number.isSafeInteger(count) || count < 0) {
		throw new ShapeError(`${op}: expected a whole number from 0 as ${what}, got ${count}`);
	}
}

/** An empty tensor may have more parts than memory holds; no other has. */
function checkParts(op: string, x: Tensor, count: number): void {
	if (count > Math.max(x.size, MOST_EMPTY)) {
		throw new ShapeError(
			`${op}: expected an empty tensor of at most ${MOST_EMPTY} parts, got ${count} of shape ${showShape(x.shape)}`,
		);
	}
}

/**
 * x cut along an axis: into so many equal parts, or before each of these indices, as NumPy's
 * `split`. Views.
 * @throws ShapeError when the axis does not divide into equal parts, or is out of range.
 */
export function split(
	x: TensorLike,
	sectionsOrIndices: number | readonly number[],
	axis = 0,
): Tensor[] {
	const t = asTensor("split", x);
	const along = normalizeAxis("split", axis, t.rank);
	const size = t.shape[along]!;
	let cuts = sectionsOrIndices;
	if (typeof cuts === "number") {
		const part = size / cuts;
		if (!Number.isInteger(cuts) || cuts < 1 || !Number.isInteger(part)) {
			throw new ShapeError(
				`split: expected a number of equal parts that divides axis ${along} of size ${size}, got ${cuts}; ` +
					"give the indices to cut at for unequal parts",
			);
		}
		checkParts("split", t, cuts);
		cuts = Array.from({ length: cuts - 1 }, (_, i) => (i + 1) * part);
	}
	checkList("split", "a number of parts, or an array of indices", cuts);
	const before = new Array<null>(along).fill(null);
	const ends = [...cuts, null];
	return calledAs("split", () =>
		ends.map((end, i) => slice(t, ...before, [i === 0 ? 0 : ends[i - 1], end])),
	);
}

/**
 * The parts of x at each index of an axis, which is gone in them, as NumPy's `unstack` and
 * PyTorch's `unbind`; `stack` puts them together again. Views.
 * @throws ShapeError when the axis is out of range.
 */
export function unstack(x: TensorLike, axis = 0): Tensor[] {
	const t = asTensor("unstack", x);
	const along = normalizeAxis("unstack", axis, t.rank);
	checkParts("unstack", t, t.shape[along]!);
	const before = new Array<null>(along).fill(null);
	return Array.from({ length: t.shape[along]! }, (_, i) => slice(t, ...before, i));
}

/**
 * x laid side by side, `reps` times along each axis; a single number, or fewer than there are axes,
 * counts from the last axis, and more add axes in front, as NumPy's `tile`. The derivative is the
 * sum over the copies.
 * @throws ShapeError for repetitions that are not whole numbers from 0.
 */
export function tile(x: TensorLike, reps: number | readonly number[], ...more: never[]): Tensor {
	checkNoMore("tile", more, "several numbers are an array, [2, 3]");
	const t = asTensor("tile", x);
	const given = [reps].flat();
	for (const count of given) checkCount("tile", "a number of repetitions", count);
	const rank = Math.max(t.rank, given.length);
	const lead = <T>(items: readonly T[], fill: T) => [
		...new Array<T>(rank - items.length).fill(fill),
		...items,
	];
	const sizes = lead(t.shape, 1);
	const counts = lead(given, 1);
	// An axis of copies before each axis, then merged with it.
	const spread = reshape(
		t,
		sizes.flatMap((size) => [1, size]),
	);
	const copies = broadcastTo(
		spread,
		sizes.flatMap((size, i) => [counts[i]!, size]),
	);
	return reshape(
		copies,
		sizes.map((size, i) => size * counts[i]!),
	);
}

/**
 * Each part along an axis `n` times in a row, or each its own number of times; with no axis, each
 * element of x in row-major order. The derivative is the sum over the copies.
 * @throws ShapeError for numbers that are not whole from 0, or not one for each part.
 */
export function repeat(x: TensorLike, n: number | readonly number[], axis?: number): Tensor {
	const given = asTensor("repeat", x);
	const t = axis === undefined ? reshape(given, [given.size]) : given;
	const along = normalizeAxis("repeat", axis ?? 0, t.rank);
	const size = t.shape[along]!;
	for (const count of [n].flat()) checkCount("repeat", "a number of repetitions", count);
	if (typeof n === "number") {
		const spread = reshape(t, withSize(t.shape, along, size, 1));
		const copies = broadcastTo(spread, withSize(t.shape, along, size, n));
		return reshape(copies, withSize(t.shape, along, size * n));
	}
	if (n.length !== size) {
		throw new ShapeError(
			`repeat: expected ${size} numbers of repetitions for axis ${along} of ${showShape(t.shape)}, got ${n.length}`,
		);
	}
	return take(
		t,
		n.flatMap((count, i) => new Array<number>(count).fill(i)),
		along,
	);
}

const rollOp = linear<"roll", { shift: number; axis: number }>({
	name: "roll",
	lead: axisBehind,
	lowering: "rotation",
	infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
	evaluate: ([x], { shift, axis }, { shape, dtype }) => {
		const out = allocate(dtype, x!.size);
		const values = elements(x!);
		const block = sizeOf(shape.slice(axis));
		// How far the elements move within a block; those that reach its end go to its start.
		const moved = shift * sizeOf(shape.slice(axis + 1));
		for (let start = 0; start < out.length; start += block) {
			const end = start + block;
			out.set(values.subarray(start, end - moved), start + moved);
			out.set(values.subarray(end - moved, end), start);
		}
		return new Tensor(out, dtype, shape);
	},
	transpose: (g, { shift, axis }) => roll(g, -shift, axis),
	typescript: (args, { shift, axis }) => call("roll", args, shift, axis),
	loops: view((index, { shift, axis }, [x]) =>
		index.map((i, at) => (at === axis ? wrapped(i, x!.shape[axis]! - shift, x!.shape[axis]!) : i)),
	),
	print: ([x], { shift, axis }) => `np.roll(${x}, ${shift}, axis=${axis})`,
	sample: (draw) => {
		const shape = draw.shape({ minRank: 1 });
		const axis = draw.integer(0, shape.length - 1);
		const params = { shift: draw.integer(0, Math.max(0, shape[axis]! - 1)), axis };
		return { inputs: [draw.tensor(shape)], params };
	},
});

/**
 * The elements moved on by `shift` places along an axis, those that leave at the end coming in at
 * the start; with several axes, along one after the other, by a shift each or one for all; with no
 * axis, in row-major order. Its transpose rolls back.
 * @throws ShapeError for shifts that are not whole numbers, or not one for each axis.
 */
export const roll: OpFunction<
	"roll",
	(x: TensorLike, shift: number | readonly number[], axes?: Axes) => Tensor
> = defineOp(rollOp, (x: TensorLike, shift: number | readonly number[], axes?: Axes): Tensor => {
	const t = asTensor("roll", x);
	if (axes === undefined) return reshape(roll(reshape(t, [t.size]), shift, 0), t.shape);
	const along = listOfAxes("roll", axes).map((axis) => normalizeAxis("roll", axis, t.rank));
	const shifts = typeof shift === "number" ? along.map(() => shift) : shift;
	checkList("roll", "a shift, a whole number, or an array of them", shifts);
	if (shifts.length !== along.length || !shifts.every(Number.isSafeInteger)) {
		throw new ShapeError(
			`roll: expected a whole number for each of ${along.length} axes, got [${String(shift)}]`,
		);
	}
	return along.reduce((out, axis, i) => {
		const size = t.shape[axis]!;
		const positive = size === 0 ? 0 : ((shifts[i]! % size) + size) % size;
		return positive === 0 ? out : apply(rollOp, [out], { shift: positive, axis });
	}, t);
});
