import { rowMajorStrides } from "../../../core/shape.ts";
import type { KernelOf } from "../../../schedule/kernel.ts";
import { alongAxis, type Cut, type PartRoom } from "./cut.ts";
import { convolutionCuts, productCuts } from "./products.ts";
import { reductionCuts, unfoldedSlices } from "./slices.ts";
import { furtherOn, type KernelWork, type WindowedLoop } from "./work.ts";

/** All that work can be cut along, what is best first. */
export function cutsOf(work: KernelWork, room: PartRoom): readonly Cut[] {
	const { kernel } = work;
	switch (kernel.kind) {
		case "loop": {
			const { loop } = kernel;
			const operands = [...loop.inputs, ...loop.outputs];
			return loop.shape.map((_, axis) =>
				alongAxis(work, loop.shape, axis, operands, (shape) => {
					return { ...kernel, loop: { ...loop, shape } };
				}),
			);
		}
		case "reduction":
			return reductionCuts({ ...work, kernel }, room);
		case "scan": {
			const { scan } = kernel;
			const axes = [...scan.shape.keys()].filter((axis) => axis !== scan.axis);
			return axes.map((axis) =>
				alongAxis(work, scan.shape, axis, [...scan.inputs, scan.output], (shape) => {
					return { ...kernel, scan: { ...scan, shape } };
				}),
			);
		}
		case "scatter":
			return scatterCuts(work, kernel);
		case "indexed":
			return indexedCuts(work, kernel);
		case "product":
			return productCuts({ ...work, kernel }, room);
		case "convolution":
			return convolutionCuts({ ...work, kernel }, room);
	}
}

/** The same as several steps that can be cut; null where there are none. */
export function unfolded(work: KernelWork, room: PartRoom): readonly KernelWork[] | null {
	const { kernel } = work;
	return kernel.kind === "reduction" ? unfoldedSlices({ ...work, kernel }, room) : null;
}

/** Along the first axis of planes. */
function scatterCuts(work: KernelWork, { scatter }: KernelOf<"scatter">): Cut[] {
	const { windows, images } = scatter;
	const axis = images.findIndex((size) => size > 1);
	if (axis < 0 || axis >= images.length - 2) return [];
	const operands = [windows, { strides: rowMajorStrides(images) }];
	return [
		alongAxis(work, images, axis, operands, (shape) => {
			const part = { ...windows, shape: windows.shape.with(axis, shape[axis]!) };
			return { kind: "scatter", scatter: { ...scatter, windows: part, images: shape } };
		}),
	];
}

/**
 * Along the axes of the loop; else along the axis that indices go furthest on, of which each part
 * does what it has itself.
 */
function indexedCuts(work: KernelWork, kernel: KernelOf<"indexed">): Cut[] {
	const loop: WindowedLoop = kernel.indexed;
	const { source, indices, target, each } = loop;
	const ofLoop = loop.shape.map((_, axis) =>
		alongAxis(work, loop.shape, axis, [source, indices, target], (shape) => {
			return { ...kernel, indexed: { ...loop, shape } };
		}),
	);
	if (loop.window !== undefined) return ofLoop;
	const axis = each.reduce((a, { stride }, b) => (stride > each[a]!.stride ? b : a), 0);
	const { size, stride } = each[axis]!;
	const ofIndices: Cut = {
		size,
		part: (first, count) => {
			const indexed: WindowedLoop = { ...loop, window: { axis, first, count } };
			const to = (which: "source" | "target") => (loop.indexed === which ? first * stride : 0);
			return [
				{
					kernel: { ...kernel, indexed },
					reads: [furtherOn(work.reads[0]!, to("source")), work.reads[1]!],
					writes: [furtherOn(work.writes[0]!, to("target"))],
				},
			];
		},
	};
	return [...ofLoop, ofIndices];
}
