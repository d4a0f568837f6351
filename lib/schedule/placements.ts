import { sizeOf } from "../core/shape.ts";
import type { Instruction } from "../program/program.ts";
import type { BufferView } from "./buffers.ts";
import { added, copied, filled } from "./copies.ts";
import { copyRegionsOf, type Moves } from "./copy-regions.ts";
import type { Lowered, Planner } from "./planner.ts";

/** What else a placement may do. */
interface Placing {
	/** Its elements move along an axis; left out: each argument has its place. */
	readonly moves?: Moves;
	/** Whether places have elements in common, which are added up. */
	readonly meet?: boolean;
}

/** Arguments that are put in their places in the result. */
export function asPlacement({ inputs }: Instruction, placing: Placing = {}): Lowered {
	const { moves, meet = false } = placing;
	const isOne = inputs.length === 1 && moves === undefined && !meet;
	return {
		...(isOne && { joins: "places", value: (_, args) => args[0]! }),
		plan(planner, { lead, members }) {
			for (const { from, to } of placesOf(planner, lead, placing)) {
				const step = meet ? added : copied;
				planner.steps.push(step(planner, from, to, members));
			}
		},
	};
}

/** Where what an instruction computes goes: a buffer, or its places in one. */
export function targetOf(planner: Planner, step: Instruction): BufferView {
	return planner.loweredAs(step).joins === "places"
		? placesOf(planner, step)[0]!.to
		: planner.buffers.store(step);
}

/** What of its arguments an instruction puts where; what lies between them is filled before. */
function placesOf(planner: Planner, step: Instruction, { moves, meet = false }: Placing = {}) {
	const regions = copyRegionsOf(step, step.inputs.map(planner.viewOf), moves);
	const to = planner.buffers.store(step);
	const covered = regions.reduce((sum, { from }) => sum + sizeOf(from.shape), 0);
	const { value = 0 } = (step.params ?? {}) as { value?: number };
	if (covered < to.buffer.size || meet) planner.steps.push(filled(to, value, [step]));
	return regions.map(({ from, strides, offset }) => {
		return { from, to: { buffer: to.buffer, shape: from.shape, strides, offset } };
	});
}
