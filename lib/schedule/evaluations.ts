import type { Lowered } from "./planner.ts";

/** An op's own evaluation. */
export const asEvaluation: Lowered = {
	plan({ viewOf, buffers, steps }, { lead, members }) {
		const reads = lead.inputs.map((value) => buffers.view(viewOf(value)));
		const writes = [buffers.store(lead)];
		steps.push({ kernel: { kind: "evaluation", instruction: lead }, members, reads, writes });
	},
};
