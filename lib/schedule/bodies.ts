import type { Instruction } from "../program/program.ts";
import type { Buffer, BufferView } from "./buffers.ts";
import { lifetimesOf } from "./lifetimes.ts";
import { planMemory } from "./memory.ts";
import type { Planner } from "./planner.ts";
import type { LoopBody, MovingPlace, Step } from "./step.ts";

/** What a step contains, before it is known where that lies. */
export type PlannedBody = Omit<LoopBody, "places">;

/** Why an instruction with these bodies runs outside of the code; undefined where nothing does. */
export function objectionTo(
	{ op }: Instruction,
	bodies: readonly PlannedBody[],
): string | undefined {
	const outside = outsideOf(bodies.flatMap(({ steps }) => steps));
	if (outside.length === 0) return undefined;
	return `${op.name} runs its body as it is, op by op, since a part of that has no code here: ${outside.join(", ")}`;
}

/** The ops that have no code. Those inside of others are named by these. */
function outsideOf(steps: readonly Step[]): string[] {
	const names = steps.flatMap(({ kernel, members }) =>
		kernel.kind === "evaluation" ? members.map(({ op }) => op.name) : [],
	);
	return [...new Set(names)];
}

/**
 * What a body needs on the way lies in one stretch of memory, which belongs to the step around it
 * as long as that runs; its constants are those of the whole schedule.
 */
export function placeMemory(
	{ buffers }: Planner,
	{ steps, constants }: PlannedBody,
	places: Map<Buffer, MovingPlace>,
	writes: BufferView[],
): void {
	buffers.constants.push(...constants);
	const { offsets, bytes } = planMemory(lifetimesOf(steps));
	if (bytes === 0) return;
	const memory = buffers.add({ shape: [bytes], dtype: "bool" }, "scratch");
	writes.push(memory);
	for (const [buffer, offset] of offsets) {
		places.set(buffer, { starts: [{ buffer: memory.buffer, offset }], stride: 0 });
	}
}
