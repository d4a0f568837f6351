import type { Geometry } from "../core/geometry.ts";
import type { Lowered } from "./planner.ts";

/** Windows added up where they lie in images. */
export function asScatter({ stride, dilation }: Geometry): Lowered {
	return {
		plan({ viewOf, buffers, steps }, { lead, members }) {
			const from = buffers.view(viewOf(lead.inputs[0]!));
			const { shape, dtype } = lead.type;
			const windows = { shape: from.shape, strides: from.strides };
			const scatter = { dtype, windows, images: shape, stride, dilation };
			const writes = [buffers.store(lead)];
			steps.push({ kernel: { kind: "scatter", scatter }, members, reads: [from], writes });
		},
	};
}
