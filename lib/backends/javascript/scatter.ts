import { allocate } from "../../core/dtype.ts";
import { rowMajorStrides, sizeOf } from "../../core/shape.ts";
import { addAt } from "../../kernels/place.ts";
import type { Scatter } from "../../schedule/kernel.ts";
import type { KernelFunction } from "./kernel-function.ts";

/** The function that adds windows where they lie in images; sums are made in float64. */
export function defineScatter({ windows, images, stride, dilation }: Scatter): KernelFunction {
	const size = sizeOf(images);
	const outer = rowMajorStrides(images);
	const [rows, columns] = outer.slice(-2) as [number, number];
	// The windows' own axes come before those along which they lie: each of them in the order of the
	// op's own evaluation.
	const ordered = <T>(all: readonly T[]) => [
		...all.slice(0, -4),
		...all.slice(-2),
		...all.slice(-4, -2),
	];
	const places = [
		...outer.slice(0, -2),
		rows * dilation[0],
		columns * dilation[1],
		rows * stride[0],
		columns * stride[1],
	];
	const [shape, strides] = [ordered(windows.shape), ordered(windows.strides)];
	return ([x, out], [offset, at]) => {
		const sums = allocate("float64", size);
		addAt({ array: x!, shape, strides, offset: offset! }, sums, { strides: places, offset: 0 });
		out!.set(sums, at);
		return true;
	};
}
