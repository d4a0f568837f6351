import type { WhileParams } from "../core/op-lowering.ts";
import { isRowMajor, sizeOf } from "../core/shape.ts";
import { bodiesOf, type Program } from "../program/program.ts";
import { placeMemory } from "./bodies.ts";
import type { Buffer } from "./buffers.ts";
import { copied, readable } from "./copies.ts";
import type { Lowered } from "./planner.ts";
import { isInPlace, viewAt } from "./repeats.ts";
import type { MovingPlace, PlaceIn } from "./step.ts";

/**
 * A loop with a test. Test and step are planned once, as programs of their own, and so is what
 * happens in the end: the carry, which till then was in turns in two places, or in one where that
 * is enough, goes where the result is wanted.
 */
export function asWhile({ closed, max }: WhileParams): Lowered {
	return {
		plan(planner, { lead, members }) {
			const [test, step] = bodiesOf(lead.op) as [Program, Program];
			const carry = step.inputs.slice(closed);
			const end: Program = { inputs: step.inputs, instructions: [], outputs: carry };
			const testing = planner.planBody(test, [test.outputs[0]!.type.dtype]);
			const stepping = planner.planBody(
				step,
				carry.map(({ type }) => type.dtype),
			);
			const ending = planner.planBody(
				end,
				carry.map(() => lead.type.dtype),
			);
			const bodies = [testing, stepping, ending];
			const reads = lead.inputs.slice(0, closed).map((input) => {
				const view = planner.viewOf(input);
				return readable(planner, view, isRowMajor(view.shape, view.strides));
			});
			const out = planner.buffers.store(lead);
			const writes = [out];
			const another = (type: Program["inputs"][number]["type"]): PlaceIn => {
				const to = planner.buffers.add(type, "scratch");
				writes.push(to);
				return { buffer: to.buffer, offset: 0 };
			};
			const places = bodies.map(() => new Map<Buffer, MovingPlace>());
			const place = (at: number, buffer: Buffer, ...starts: PlaceIn[]) =>
				places[at]!.set(buffer, { starts: starts as [PlaceIn], stride: 0 });
			for (const [at, { inputs }] of bodies.entries()) {
				for (const [i, read] of reads.entries()) place(at, inputs[i]!, read);
			}
			place(0, testing.outputs[0]!, another(test.outputs[0]!.type));
			let offset = 0;
			for (const [i, { type }] of carry.entries()) {
				const own = closed + i;
				const turns = [another(type)];
				if (!isInPlace(stepping, stepping.inputs[own]!, stepping.outputs[i]!)) {
					turns.push(another(type));
				}
				for (const [at, { inputs }] of bodies.entries()) place(at, inputs[own]!, ...turns);
				place(1, stepping.outputs[i]!, ...turns.toReversed());
				place(2, ending.outputs[i]!, { buffer: out.buffer, offset });
				offset += sizeOf(type.shape);
				const start = viewAt(turns[0]!, type);
				planner.steps.push(copied(planner, planner.viewOf(lead.inputs[own]!), start, []));
			}
			for (const [at, body] of bodies.entries()) placeMemory(planner, body, places[at]!, writes);
			planner.steps.push({
				kernel: { kind: "while", most: max },
				...{ reads, writes, members },
				bodies: bodies.map((body, at) => ({ ...body, places: places[at]! })),
			});
		},
	};
}
