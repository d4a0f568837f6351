import { coalesce } from "../core/strided.ts";
import type { Instruction, Value } from "../program/program.ts";
import type { BufferView } from "./buffers.ts";
import { readable } from "./copies.ts";
import { epilogueAfter } from "./epilogue.ts";
import type { Matrices } from "./kernel.ts";
import type { Lowered, ProductAxes } from "./planner.ts";
import type { View } from "./view.ts";

/**
 * A product of matrices or vectors, or the outer one of two vectors; it can be followed by a loop
 * over its elements.
 */
export function asProduct({ type }: Instruction, outer: boolean): Lowered {
	const rank = type.shape.length;
	const axes: ProductAxes = { row: rank - 2, column: rank < 2 ? null : rank - 1 };
	return {
		goesOn: axes,
		plan(planner, { lead, members }) {
			const { reads, writes, epilogue } = epilogueAfter(planner, { lead, members }, axes);
			const { a, b, ...sizes } = matricesOf(lead, outer, planner.viewOf);
			const operand = (view: View) => readable(planner, view, goesForwards(view));
			const [left, right] = [operand(a), operand(b)];
			const matrices = { ...sizes, ...batchesOf(left, right) };
			const kernel = { kind: "product", matrices, ...epilogue } as const;
			planner.steps.push({ kernel, reads: [left, right, ...reads], writes, members });
		},
	};
}

/**
 * The arguments of a product over the last axis of x and the last but one of w, as matrices; a
 * vector is a row or a column, and the other way round in an outer product.
 */
function matricesOf(step: Instruction, outer: boolean, viewOf: (value: Value) => View) {
	const [x, w] = step.inputs.map(viewOf) as [View, View];
	const a = x.shape.length === 1 ? withAxis(x, outer ? 1 : 0) : x;
	const b = w.shape.length === 1 ? withAxis(w, outer ? 0 : 1) : w;
	const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
	return { m, k, n, a, b };
}

/**
 * The axes before the last two, with as few of them as can be: threads share the first one. The
 * result is in row-major order, so it does not mind.
 */
function batchesOf(left: BufferView, right: BufferView): Pick<Matrices, "batch" | "a" | "b"> {
	const batches = [left, right].map(({ strides }) => ({
		strides: strides.slice(0, -2),
		offset: 0,
	}));
	const { shape, layouts } = coalesce(left.shape.slice(0, -2), batches);
	const [a, b] = [left, right].map(({ strides }, i) => [
		...layouts[i]!.strides,
		...strides.slice(-2),
	]);
	return { batch: shape, a: a!, b: b! };
}

/** Whether kernels, which step forwards only, can read it. */
function goesForwards({ strides }: View): boolean {
	return strides.every((stride) => stride >= 0);
}

function withAxis(view: View, axis: number): View {
	const shape = view.shape.toSpliced(axis, 0, 1);
	return { ...view, shape, strides: view.strides.toSpliced(axis, 0, 0) };
}
