import { operandOf } from "./copies.ts";
import type { Lowered } from "./planner.ts";

/** Lines along which something is carried on. */
export const asScan: Lowered = {
	plan({ viewOf, buffers, steps }, { lead, members }) {
		const views = lead.inputs.map(viewOf);
		const reads = views.map((view) => buffers.view(view));
		const to = buffers.store(lead);
		const { start, step, walk } = lead.op.scan!;
		const scan = {
			...{ start, step: step(), ...walk(lead.params) },
			shape: to.shape,
			inputs: views.map(operandOf),
			output: { dtype: to.buffer.dtype, strides: to.strides },
		};
		steps.push({ kernel: { kind: "scan", scan }, members, reads, writes: [to] });
	},
};
