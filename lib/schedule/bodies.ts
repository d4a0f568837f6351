import type { Buffer, BufferView } from "./buffers.ts";
import { lifetimesOf } from "./lifetimes.ts";
import { planMemory } from "./memory.ts";
import type { Planner } from "./planner.ts";
import type { LoopBody, MovingPlace } from "./step.ts";

/** What a step contains, before it is known where that lies. */
export type PlannedBody = Omit<LoopBody, "places">;

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
	if (offsets.size === 0) return;
	const memory = buffers.add({ shape: [bytes], dtype: "bool" }, "scratch");
	writes.push(memory);
	for (const [buffer, offset] of offsets) {
		places.set(buffer, { starts: [{ buffer: memory.buffer, offset }], stride: 0 });
	}
}
