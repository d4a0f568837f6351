import { rowMajorStrides } from "../core/shape.ts";
import type { Instruction, Value } from "../program/program.ts";
import { operandOf } from "./copies.ts";
import { expressionsOf } from "./expressions.ts";
import type { ElementwiseLoop } from "./kernel.ts";
import { targetOf } from "./placements.ts";
import type { Lowered, Planner } from "./planner.ts";

/** An instruction that computes each element from those at the same place that it reads. */
export function asLoop(value: Lowered["value"] & {}, reads?: Lowered["reads"]): Lowered {
	return { joins: "elements", goesOn: "loop", value, ...(reads && { reads }), plan };
}

const plan: Lowered["plan"] = (planner, { members }) => {
	const { reads, writes, loop } = loopOf(planner, members, []);
	planner.steps.push({ kernel: { kind: "loop", loop }, members, reads, writes });
};

/**
 * The loop over what the members compute, with these of them as its first inputs, since they are
 * there already.
 */
export function loopOf(
	planner: Planner,
	members: readonly Instruction[],
	given: readonly Instruction[],
) {
	const inside = new Set<Value | null>(members);
	const stored = members.filter((step) =>
		planner.usesOf(step).some(({ reader }) => !inside.has(reader)),
	);
	const { views, expressionOf } = expressionsOf(members, given, planner);
	const writes = stored.map((step) => targetOf(planner, step));
	const outputs = stored.map((step, i) => {
		const { buffer, strides } = writes[i]!;
		return { dtype: buffer.dtype, strides, value: expressionOf(step) };
	});
	const inputs = [
		...given.map(({ type }) => ({ dtype: type.dtype, strides: rowMajorStrides(type.shape) })),
		...views.map(operandOf),
	];
	const loop: ElementwiseLoop = { shape: members[0]!.type.shape, inputs, outputs };
	return { loop, views, reads: views.map((view) => planner.buffers.view(view)), writes };
}
