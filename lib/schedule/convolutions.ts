import type { Channels, Geometry } from "../core/geometry.ts";
import { isRowMajor } from "../core/shape.ts";
import { readable } from "./copies.ts";
import { epilogueAfter } from "./epilogue.ts";
import type { Convolution, Wanted } from "./kernel.ts";
import type { Lowered, ProductAxes } from "./planner.ts";

/** The channels of a convolution are its rows. */
const axes: ProductAxes = { row: 1, column: null };

/** A convolution, which can be followed by a loop over its elements, or one of its transposes. */
export function asConvolution(
	wanted: Wanted,
	given: Channels & { readonly geometry: Geometry },
): Lowered {
	return {
		...(wanted === "result" && { goesOn: axes }),
		plan(planner, { lead, members }) {
			const { reads, writes, epilogue } = epilogueAfter(planner, { lead, members }, axes);
			const operands = lead.inputs.map(planner.viewOf).map((view) => {
				return readable(planner, view, isRowMajor(view.shape, view.strides));
			});
			const convolution = { ...given, dtype: lead.type.dtype as Convolution["dtype"] };
			const kernel = { kind: "convolution", convolution, wanted, ...epilogue } as const;
			planner.steps.push({ kernel, reads: [...operands, ...reads], writes, members });
		},
	};
}
