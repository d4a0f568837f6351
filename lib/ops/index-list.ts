import { DTypeError, ShapeError } from "../core/error.ts";
import { describe } from "../core/options.ts";
import { type Shape, sameShape, showShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { positionsOf } from "../kernels/indices.ts";
import { type Section, type SliceRange, sectionsOf, wholeAxis } from "./ranges.ts";

/**
 * What `at` takes for one axis, or for several: a number, null or `[start, stop, step]` as in
 * `slice`; an int32 tensor of indices; a bool tensor that masks as many axes as it has; `"..."` for
 * all axes that nothing else is said of; `"newAxis"` for a new axis of size 1.
 */
export type TensorIndex = SliceRange | Tensor | "..." | "newAxis";

/** A tensor, or a number beside one, that indexes an axis; a mask may index several at once. */
export interface ArrayIndex {
	readonly x: Tensor;
	/** The first of these axes, and how many they are. */
	readonly axis: number;
	readonly axes: number;
}

/** What a list of indices means for a tensor of a shape. */
export interface IndexList {
	/** What is taken of each axis before the arrays index them. */
	readonly sections: readonly Section[];
	readonly arrays: readonly ArrayIndex[];
	/** Before which axis of the result the arrays' axes stand, new axes not counted. */
	readonly position: number;
	/** Where the result has new axes of size 1. */
	readonly newAxes: readonly number[];
}

/** An index, with the axes that it is for. */
interface Entry {
	readonly index: TensorIndex;
	readonly axis: number;
	readonly axes: number;
}

/**
 * Reads a list of indices by NumPy's rules. Where there is a tensor among them, numbers count as
 * tensors too; the tensors broadcast together, and their axes stand where the first tensor does, or
 * in front if something else stands between them.
 * @throws ShapeError for more indices than axes, a number out of range, a mask of another shape
 * @throws DomainError for an index in a tensor that is out of range
 * @throws DTypeError for a tensor that is neither int32 nor bool
 */
export function readIndices(op: string, indices: readonly TensorIndex[], shape: Shape): IndexList {
	const entries = entriesOf(op, indices, shape);
	const ranges = entries.flatMap(({ index, axes }): SliceRange[] =>
		index instanceof Tensor || typeof index === "string"
			? new Array<null>(axes).fill(null)
			: [index],
	);
	const sections = sectionsOf(op, ranges, shape);
	const hasTensor = entries.some(({ index }) => index instanceof Tensor);
	const isArray = ({ index }: Entry) =>
		hasTensor && (index instanceof Tensor || typeof index === "number");
	const arrays = entries.filter(isArray).map(({ index, axis, axes }): ArrayIndex => {
		if (index instanceof Tensor) return { x: checked(op, index, axis, shape), axis, axes };
		const { start } = sections[axis]!;
		sections[axis] = wholeAxis(shape[axis]!);
		return { x: new Tensor(Int32Array.of(start), "int32", []), axis, axes };
	});
	const rank = Math.max(0, ...arrays.map(({ x }) => (x.dtype === "bool" ? 1 : x.rank)));
	const first = entries.findIndex(isArray);
	const isApart = !entries.slice(first, entries.findLastIndex(isArray) + 1).every(isArray);
	const newAxes: number[] = [];
	let [position, at] = [0, isApart ? rank : 0];
	for (const [i, entry] of entries.entries()) {
		if (i === first && !isApart) {
			position = at - newAxes.length;
			at += rank;
		}
		if (entry.index === "newAxis") newAxes.push(at++);
		else if (!isArray(entry) && typeof entry.index !== "number") at += entry.axes;
	}
	return { sections, arrays, position, newAxes };
}

/** The indices with their axes; those that are left out are taken whole. */
function entriesOf(op: string, indices: readonly TensorIndex[], shape: Shape): Entry[] {
	const rests = indices.filter((index) => index === "...").length;
	if (rests > 1) throw new ShapeError(`${op}: expected "..." at most once, got it ${rests} times`);
	const all = rests === 0 ? [...indices, "..." as const] : indices;
	const own = all.reduce<number>((sum, index) => sum + axesOf(index), 0);
	if (own > shape.length) {
		throw new ShapeError(
			`${op}: expected indices of at most ${shape.length} axes for shape ${showShape(shape)}, got them for ${own}`,
		);
	}
	let axis = 0;
	return all.map((index): Entry => {
		const axes = index === "..." ? shape.length - own : axesOf(index);
		checkIndex(op, index, axis);
		axis += axes;
		return { index, axis: axis - axes, axes };
	});
}

function axesOf(index: TensorIndex): number {
	if (typeof index === "string") return 0;
	return index instanceof Tensor && index.dtype === "bool" ? index.rank : 1;
}

function checkIndex(op: string, index: TensorIndex, axis: number): void {
	const isWord = index === "..." || index === "newAxis";
	const isRange = Array.isArray(index) && index.length <= 3;
	const isPlain = index === null || typeof index === "number" || index instanceof Tensor;
	if (isPlain || isWord || isRange) return;
	const way = Array.isArray(index) ? "; many indices are a tensor of int32" : "";
	throw new ShapeError(
		`${op}: expected a number, null, [start, stop, step], a tensor, "..." or "newAxis" for axis ${axis}, ` +
			`got ${describe(index)}${way}`,
	);
}

/** A tensor that indexes the axes from this one on; what is known of it has to fit them. */
function checked(op: string, x: Tensor, axis: number, shape: Shape): Tensor {
	if (x.dtype === "int32") {
		const isKnown = x.node === null && ArrayBuffer.isView(x.storage);
		if (isKnown) positionsOf(op, x, axis, shape[axis]!);
		return x;
	}
	if (x.dtype !== "bool") {
		throw new DTypeError(
			`${op}: expected int32 indices or a bool mask for axis ${axis}, got ${x.dtype}; ` +
				'cast indices with .astype("int32")',
		);
	}
	const masked = shape.slice(axis, axis + x.rank);
	if (x.rank > 0 && sameShape(masked, x.shape)) return x;
	throw new ShapeError(
		`${op}: expected a mask of the axes from ${axis} on of shape ${showShape(shape)}, got ${showShape(x.shape)}`,
	);
}
