import { ShapeError } from "./error.ts";

/** The size of a tensor along each of its axes. */
export type Shape = readonly number[];

/** One axis, several, or (left out) all of them; negative ones count from the end. */
export type Axes = number | readonly number[];

/** How an error or a printed tensor shows a shape: `(64×1000)`, `()` for a scalar. */
export function showShape(shape: Shape): string {
	return `(${shape.join("×")})`;
}

/** How many elements a tensor of this shape has. */
export function sizeOf(shape: Shape): number {
	let size = 1;
	for (let i = 0; i < shape.length; i++) size *= shape[i]!;
	// Beside a size of 0 the product of the others may overflow: ∞ · 0.
	return Number.isNaN(size) ? 0 : size;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
	if (a === b) return true;
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}

/** The strides of a row-major layout, in elements. */
export function rowMajorStrides(shape: Shape): number[] {
	// Engines tell arrays that had holes from others, so code that sees both kinds is slower.
	const strides = shape.slice();
	let stride = 1;
	for (let i = shape.length - 1; i >= 0; i--) {
		strides[i] = stride;
		stride *= shape[i]!;
	}
	return strides;
}

/** Whether strides walk a tensor of this shape in row-major order without gaps. */
export function isRowMajor(shape: Shape, strides: readonly number[]): boolean {
	let expected = 1;
	for (let i = shape.length - 1; i >= 0; i--) {
		const size = shape[i]!;
		if (size === 0) return true;
		if (size !== 1 && strides[i] !== expected) return false;
		expected *= size;
	}
	return true;
}

/**
 * Checks a shape that a user gives.
 * @throws ShapeError for what is not an array, and for a size that is not a whole number of at
 * least 0.
 */
export function checkShape(op: string, shape: Shape): void {
	checkList(op, "a shape, an array of sizes", shape);
	for (const size of shape) {
		if (!Number.isSafeInteger(size) || size < 0) {
			throw new ShapeError(`${op}: sizes are whole numbers from 0, got ${showShape(shape)}`);
		}
	}
}

/**
 * Checks that what a user gives is an array, and has no hole, as [, 1] has.
 * @throws ShapeError for anything else
 */
export function checkList(op: string, expected: string, given: unknown): void {
	if (Array.isArray(given) && !given.includes(undefined)) return;
	throw new ShapeError(`${op}: expected ${expected}, got ${quoted(given)}`);
}

/** A text in quotes, lest "0" look like a number; of tensors the values may not be asked for. */
function quoted(x: unknown): string {
	if (Array.isArray(x)) return `[${String(x)}]`;
	if (typeof x === "object" && x !== null) {
		return "dtype" in x ? "a tensor" : `an object with ${Object.keys(x).join(", ") || "nothing"}`;
	}
	return typeof x === "string" ? JSON.stringify(x) : String(x);
}

/**
 * One axis, or several, as a list.
 * @throws ShapeError for anything else than a number or an array
 */
export function listOfAxes(op: string, axes: Axes): readonly number[] {
	if (typeof axes === "number") return [axes];
	checkList(op, "an axis, a number, or an array of axes", axes);
	return axes;
}

/**
 * The axis counted from the front.
 * @throws ShapeError when the tensor has no such axis.
 */
export function normalizeAxis(op: string, axis: number, rank: number): number {
	if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
		const range = rank === 0 ? "a scalar has none" : `from ${-rank} to ${rank - 1}`;
		throw new ShapeError(
			`${op}: axis ${quoted(axis)} is out of range for a tensor of rank ${rank} (${range})`,
		);
	}
	return axis < 0 ? axis + rank : axis;
}

/**
 * The axes counted from the front, in ascending order; all of them when none are given.
 * @throws ShapeError for an axis out of range or given twice.
 */
export function normalizeAxes(op: string, axes: Axes | undefined, rank: number): number[] {
	if (axes === undefined) return allAxes(rank);
	if (typeof axes === "number") return [normalizeAxis(op, axes, rank)];
	const list = listOfAxes(op, axes).map((axis) => normalizeAxis(op, axis, rank));
	if (list.length > 1) list.sort((a, b) => a - b);
	for (let i = 1; i < list.length; i++) {
		if (list[i] !== list[i - 1]) continue;
		throw new ShapeError(`${op}: an axis stands twice in [${String(axes)}]`);
	}
	return list;
}

/** All axes of a tensor of this rank, in order. */
export function allAxes(rank: number): number[] {
	const axes: number[] = [];
	for (let axis = 0; axis < rank; axis++) axes.push(axis);
	return axes;
}

/**
 * The shape to which all of these broadcast, by NumPy's rule: shapes are aligned at their last
 * axis, and a size of 1 (or a missing axis) stretches.
 * @throws ShapeError when two sizes differ and neither is 1.
 */
export function broadcastShapes(op: string, shapes: readonly Shape[]): number[] {
	let rank = 0;
	for (const shape of shapes) rank = Math.max(rank, shape.length);
	const out: number[] = [];
	while (out.length < rank) out.push(1);
	for (const shape of shapes) {
		const missing = rank - shape.length;
		for (let i = 0; i < shape.length; i++) {
			const at = missing + i;
			const size = shape[i]!;
			if (size === 1) continue;
			if (out[at] !== 1 && out[at] !== size) {
				throw new ShapeError(
					`${op}: expected shapes that broadcast together, got ${shapes.map(showShape).join(" and ")}; ` +
						"sizes must be equal or 1, counted from the last axis",
				);
			}
			out[at] = size;
		}
	}
	return out;
}

/**
 * The shape after a reduction: the reduced axes have size 1, or are gone. `axes` are normalized.
 */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): number[] {
	const out: number[] = [];
	for (let i = 0; i < shape.length; i++) {
		if (!axes.includes(i)) out.push(shape[i]!);
		else if (keepDims) out.push(1);
	}
	return out;
}

/**
 * The strides that show the same elements in another shape without copying, or null where no
 * strides do. Axes that lie in memory as one may be split and merged at will.
 */
export function reshapedStrides(
	shape: Shape,
	strides: readonly number[],
	to: Shape,
): number[] | null {
	if (sizeOf(shape) === 0) return rowMajorStrides(to);
	// Runs of axes that lie in memory as one: their sizes, and the strides of their last axes.
	const sizes: number[] = [];
	const steps: number[] = [];
	for (let axis = 0; axis < shape.length; axis++) {
		const [size, stride] = [shape[axis]!, strides[axis]!];
		if (size === 1) continue;
		const last = sizes.length - 1;
		if (last >= 0 && steps[last] === stride * size) {
			sizes[last]! *= size;
			steps[last] = stride;
		} else {
			sizes.push(size);
			steps.push(stride);
		}
	}
	const out: number[] = [];
	while (out.length < to.length) out.push(1);
	let axis = to.length - 1;
	for (let run = sizes.length - 1; run >= 0; run--) {
		let covered = 1;
		for (; axis >= 0 && covered < sizes[run]!; axis--) {
			out[axis] = steps[run]! * covered;
			covered *= to[axis]!;
		}
		if (covered !== sizes[run]) return null;
	}
	return out;
}
