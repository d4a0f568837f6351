import { type CodedKernel, isCoded, type Kernel } from "../../schedule/kernel.ts";
import { kernelKeys } from "../../schedule/kernel-key.ts";
import { defineConvolve } from "./convolve.ts";
import { defineElementwise } from "./elementwise/loop.ts";
import { defineIndexed } from "./indexed.ts";
import type { KernelFunction } from "./kernel-function.ts";
import { defineMatmul } from "./matmul.ts";
import { defineSlices } from "./reduce/slices.ts";
import { defineScan } from "./scan.ts";
import { defineScatter } from "./scatter.ts";

/**
 * The functions of kernels: one for all that are equal, however often they run and wherever their
 * elements are. Null for what is made of steps, or an op's own evaluation.
 */
export function kernelFunctions(): (kernel: Kernel) => KernelFunction | null {
	const keyOf = kernelKeys();
	const known = new Map<string, KernelFunction>();
	return (kernel) => {
		if (!isCoded(kernel)) return null;
		const key = keyOf(kernel);
		const found = known.get(key) ?? defineKernel(kernel);
		known.set(key, found);
		return found;
	};
}

function defineKernel(kernel: CodedKernel): KernelFunction {
	switch (kernel.kind) {
		case "loop":
			return defineElementwise(kernel.loop);
		case "reduction":
			return defineSlices(kernel.loop);
		case "product":
			return defineMatmul(kernel);
		case "convolution":
			return defineConvolve(kernel);
		case "scatter":
			return defineScatter(kernel.scatter);
		case "indexed":
			return defineIndexed(kernel.indexed);
		case "scan":
			return defineScan(kernel.scan);
	}
}
