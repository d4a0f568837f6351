import type { Geometry } from "../core/geometry.ts";
import { rowMajorStrides } from "../core/shape.ts";
import type { Scatter } from "./kernel.ts";
import type { Lowered } from "./planner.ts";

/**
 * How the elements of windows are walked, and where they go in images, in elements: the windows'
 * own axes come before those along which they lie, so that each of them is in the order of the op's
 * own evaluation.
 */
export function scatterWalk({ windows, images, stride, dilation }: Scatter) {
	const outer = rowMajorStrides(images);
	const [rows, columns] = outer.slice(-2) as [number, number];
	const ordered = (all: readonly number[]) => [
		...all.slice(0, -4),
		...all.slice(-2),
		...all.slice(-4, -2),
	];
	const along = [rows * dilation[0], columns * dilation[1], rows * stride[0], columns * stride[1]];
	return {
		shape: ordered(windows.shape),
		from: ordered(windows.strides),
		to: [...outer.slice(0, -2), ...along],
	};
}

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
