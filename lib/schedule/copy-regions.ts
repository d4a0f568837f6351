import type { LinearMap } from "../core/linear-map.ts";
import { rowMajorStrides } from "../core/shape.ts";
import { abstractTensor } from "../program/abstract.ts";
import type { Instruction } from "../program/program.ts";
import type { View } from "./view.ts";

/**
 * Elements, and where in a result they go: (i, j, …) to element offset + i·strides[0] +
 * j·strides[1] + … of it.
 */
export interface CopyRegion {
	readonly from: View;
	readonly strides: readonly number[];
	readonly offset: number;
}

/** By how many steps elements are moved along an axis; those that stay inside are kept. */
export interface Moves {
	readonly axis: number;
	readonly steps: readonly number[];
}

/**
 * What of its arguments an instruction puts where: everything, or for one that moves elements along
 * an axis, parts that stay inside.
 */
export function copyRegionsOf(
	step: Instruction,
	inputs: readonly View[],
	moves?: Moves,
): CopyRegion[] {
	if (moves !== undefined) return moves.steps.map((by) => moved(inputs[0]!, moves.axis, by));
	const places = placesIn(step);
	return inputs.map((from, index) => ({ from, ...places[index]! }));
}

/**
 * Where each argument lies in the result: the transpose of putting it there shows it as a view of a
 * cotangent, so the op's record is asked, on tensors without values.
 */
function placesIn({ op, inputs, params, type }: Instruction) {
	const what = `an argument of ${op.name}`;
	const args = inputs.map((input) => abstractTensor(input.type, what));
	const out = abstractTensor(type, what);
	return inputs.map((_, index) => {
		const map = op.differential!(index, args, out, params) as LinearMap;
		const { strides, offset } = map.transpose.apply(out);
		return { strides, offset };
	});
}

/**
 * What stays inside when elements move along an axis, towards the end or, by a negative number of
 * steps, towards the front.
 */
function moved({ base, shape, strides, offset }: View, axis: number, steps: number): CopyRegion {
	const places = rowMajorStrides(shape);
	const kept = Math.max(0, shape[axis]! - Math.abs(steps));
	const from = {
		base,
		shape: shape.with(axis, kept),
		strides,
		offset: offset + Math.max(0, -steps) * strides[axis]!,
	};
	return { from, strides: places, offset: Math.max(0, steps) * places[axis]! };
}
