import type { Op } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { sameShape, sizeOf } from "../core/shape.ts";
import { mean } from "../ops/reductions.ts";
import { sum } from "../structure/broadcasting.ts";
import type { Instruction, Value } from "./program.ts";

// A mean is read as a sum divided by the number of elements, and such a quotient written as a mean.

/** Makes the application of an op. */
export type Make = (op: Op, inputs: readonly Value[], params: Data) => Value;

/** How many elements become one, also where there are none of those. */
export function countOf({ op, inputs: [x], params }: Instruction): number {
	const { totals, averages } = op.traits ?? {};
	const axes = (totals ?? averages)!(params);
	return sizeOf(axes.map((axis) => x!.type.shape[axis]!));
}

/** The sum whose part the mean is. */
export function sumBehind(value: Instruction, make: Make): Value {
	return make(sum.op, value.inputs, over(value, value.op.traits!.averages!(value.params)));
}

/** The sum that a value is, or shows in another arrangement; null where there is none. */
export function shownSum(value: Value): Instruction | null {
	if (value.kind !== "instruction") return null;
	const { totals, view } = value.op.traits ?? {};
	if (totals !== undefined) return value;
	return view ? shownSum(value.inputs[0]!) : null;
}

/** A value that shows a sum, with the mean in its place. */
export function withMean(value: Instruction, make: Make): Value {
	const axes = value.op.traits?.totals?.(value.params);
	if (axes !== undefined) return make(mean.op, value.inputs, over(value, axes));
	return make(value.op, [withMean(value.inputs[0] as Instruction, make)], value.params);
}

/** The same sum or mean without its axes of size 1, where they all stand in front; else null. */
export function withoutAxesInFront(value: Instruction, make: Make): Value | null {
	const { totals, averages } = value.op.traits ?? {};
	const axes = (totals ?? averages)?.(value.params);
	const rank = value.inputs[0]!.type.shape.length;
	if (axes === undefined || axes.length === 0 || value.type.shape.length < rank) return null;
	if (axes.some((axis, i) => axis !== i)) return null;
	return make(value.op, value.inputs, { axes, keepDims: false, all: axes.length === rank });
}

/** Whether it only has axes of size 1 put in front of its input, as broadcasting does by itself. */
export function isLifted({ op, inputs: [x], type }: Instruction): boolean {
	if (!op.traits?.view || x === undefined) return false;
	const added = type.shape.length - x.type.shape.length;
	const isInFront = type.shape.slice(0, added).every((size) => size === 1);
	return added > 0 && isInFront && sameShape(type.shape.slice(added), x.type.shape);
}

function over({ inputs: [x], type }: Instruction, axes: readonly number[]): Data {
	const rank = x!.type.shape.length;
	return { axes, keepDims: type.shape.length === rank, all: axes.length === rank };
}
