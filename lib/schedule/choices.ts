import { isRowMajor, sizeOf } from "../core/shape.ts";
import { bodiesOf } from "../program/program.ts";
import { placeMemory } from "./bodies.ts";
import type { Buffer } from "./buffers.ts";
import { readable } from "./copies.ts";
import { planEvaluation } from "./evaluations.ts";
import type { Lowered } from "./planner.ts";
import type { LoopBody, MovingPlace } from "./step.ts";

/**
 * One of several programs. Each is planned by itself; it reads the arguments where they are, and
 * its results lie one after the other where the one of the choice is wanted.
 */
export const asChoice: Lowered = {
	plan(planner, group) {
		const { lead, members } = group;
		const [index, ...args] = lead.inputs.map(planner.viewOf);
		const { dtype } = index!.base.type;
		if (dtype !== "bool" && dtype !== "int32") {
			const reason = `${lead.op.name} runs as it is, op by op, for what it chooses by is ${dtype}; compare it, or make it an int32`;
			planEvaluation(planner, group, reason);
			return;
		}
		const programs = bodiesOf(lead.op);
		const planned = programs.map((program) =>
			planner.planBody(
				program,
				program.outputs.map(() => lead.type.dtype),
			),
		);
		const read = args.map((view) => {
			return readable(planner, view, isRowMajor(view.shape, view.strides));
		});
		const writes = [planner.buffers.store(lead)];
		const bodies = planned.map((body, which): LoopBody => {
			const places = new Map<Buffer, MovingPlace>();
			for (const [i, input] of body.inputs.entries()) {
				places.set(input, { starts: [read[i]!], stride: 0 });
			}
			let offset = 0;
			for (const [i, { type }] of programs[which]!.outputs.entries()) {
				const start = { buffer: writes[0]!.buffer, offset };
				places.set(body.outputs[i]!, { starts: [start], stride: 0 });
				offset += sizeOf(type.shape);
			}
			placeMemory(planner, body, places, writes);
			return { ...body, places };
		});
		const reads = [planner.buffers.view(index!), ...read];
		planner.steps.push({ kernel: { kind: "choice" }, reads, writes, members, bodies });
	},
};
