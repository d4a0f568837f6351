import { allocate } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import { addAt } from "../../kernels/place.ts";
import type { Scatter } from "../../schedule/kernel.ts";
import { scatterWalk } from "../../schedule/scatters.ts";
import type { KernelFunction } from "./kernel-function.ts";

/** The function that adds windows where they lie in images; sums are made in float64. */
export function defineScatter(scatter: Scatter): KernelFunction {
	const size = sizeOf(scatter.images);
	const { shape, from, to } = scatterWalk(scatter);
	return ([x, out], [offset, at]) => {
		const sums = allocate("float64", size);
		const windows = { array: x!, shape, strides: from, offset: offset! };
		addAt(windows, sums, { strides: to, offset: 0 });
		out!.set(sums, at);
		return true;
	};
}
