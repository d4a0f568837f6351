import type { Group } from "./group.ts";
import type { Lowered, Planner } from "./planner.ts";

/** An op's own evaluation. */
export const asEvaluation: Lowered = { plan: (planner, group) => planEvaluation(planner, group) };

/** Adds an op's own evaluation, with the reason why it runs so. */
export function planEvaluation(planner: Planner, { lead, members }: Group, reason?: string): void {
	const { viewOf, buffers, steps } = planner;
	const reads = lead.inputs.map((value) => buffers.view(viewOf(value)));
	const writes = [buffers.store(lead)];
	const kernel = { kind: "evaluation", instruction: lead, ...(reason && { reason }) } as const;
	steps.push({ kernel, members, reads, writes });
}
