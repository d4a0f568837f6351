import { collectFilters, convolveImages, spreadToImages } from "../../kernels/convolve.ts";
import type { KernelOf, Wanted } from "../../schedule/kernel.ts";
import { withEpilogue } from "./epilogue.ts";
import type { KernelFunction } from "./kernel-function.ts";

const products = {
	result: convolveImages,
	image: spreadToImages,
	filter: collectFilters,
} satisfies Record<Wanted, unknown>;

/** The function of a convolution, or of one of its transposes, and the loop after it. */
export function defineConvolve({
	convolution,
	wanted,
	...epilogue
}: KernelOf<"convolution">): KernelFunction {
	return withEpilogue(epilogue, (storages, offsets) => {
		const [x, y] = [0, 1].map((k) => storages[k]!.subarray(offsets[k]!));
		return products[wanted](x!, y!, convolution.geometry, convolution);
	});
}
