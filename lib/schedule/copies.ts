import { rowMajorStrides, type Shape } from "../core/shape.ts";
import type { Instruction } from "../program/program.ts";
import type { BufferView } from "./buffers.ts";
import type { Expression } from "./expression.ts";
import type { ElementwiseLoop, KernelOperand } from "./kernel.ts";
import * as operations from "./operations.ts";
import type { Lowered, Planner } from "./planner.ts";
import type { Step } from "./step.ts";
import type { View } from "./view.ts";

/** How a loop reads what a view shows; along an axis of one element it stays where it is. */
export function operandOf({ base, shape, strides }: View): KernelOperand {
	return { dtype: base.type.dtype, strides: held(shape, strides) };
}

/** Strides with which a loop stays where it is along axes of one element. */
function held(shape: Shape, strides: readonly number[]): number[] {
	return strides.map((stride, i) => (shape[i] === 1 ? 0 : stride));
}

/** The argument's elements in row-major order. */
export const asCopy: Lowered = {
	plan(planner, { lead, members }) {
		const from = planner.viewOf(lead.inputs[0]!);
		const to = planner.buffers.store(lead);
		planner.steps.push(copied(planner, from, to, members, rowMajorStrides(from.shape)));
	},
};

/** A step that puts elements in their places, or where these strides say. */
export function copied(
	{ buffers }: Planner,
	view: View,
	to: BufferView,
	members: readonly Instruction[],
	strides = to.strides,
): Step {
	return storing(buffers.view(view), { ...to, strides }, members);
}

/** The same from a buffer, in the dtype of the one that it goes to. */
export function storing(from: BufferView, to: BufferView, members: readonly Instruction[]): Step {
	const { shape, strides, buffer } = from;
	const { dtype } = to.buffer;
	const value: Expression =
		buffer.dtype === dtype ? input(0) : { kind: "cast", of: input(0), dtype };
	const inputs = [{ dtype: buffer.dtype, strides: held(shape, strides) }];
	const loop: ElementwiseLoop = { shape, inputs, outputs: [{ dtype, strides: to.strides, value }] };
	return { kernel: { kind: "loop", loop }, members, reads: [from], writes: [to] };
}

/** A step that adds elements to those that are in their places. */
export function added(
	{ buffers }: Planner,
	view: View,
	to: BufferView,
	members: readonly Instruction[],
): Step {
	const { strides } = to;
	const { dtype } = to.buffer;
	const outputs = [{ dtype, strides, value: operations.sumOf(dtype, input(1), input(0)) }];
	const inputs = [operandOf(view), { dtype, strides }];
	const loop: ElementwiseLoop = { shape: view.shape, inputs, outputs };
	const reads = [buffers.view(view), to];
	return { kernel: { kind: "loop", loop }, members, reads, writes: [to] };
}

/** A step that fills with a number. */
export function filled(to: BufferView, value: number, members: readonly Instruction[]): Step {
	const { shape, strides } = to;
	const { dtype } = to.buffer;
	const outputs = [{ dtype, strides, value: { kind: "constant", value, dtype } as const }];
	const loop: ElementwiseLoop = { shape, inputs: [], outputs };
	return { kernel: { kind: "loop", loop }, members, reads: [], writes: [to] };
}

/** Where a kernel reads elements: as they lie, or in row-major order, copied before it. */
export function readable(planner: Planner, view: View, asTheyLie: boolean): BufferView {
	const { buffers, steps } = planner;
	if (asTheyLie) return buffers.view(view);
	const to = buffers.add({ shape: view.shape, dtype: view.base.type.dtype }, "scratch");
	steps.push(copied(planner, view, to, []));
	return to;
}

function input(index: number): Expression {
	return { kind: "input", index };
}
