import type { ModuleBuilder } from "../../asm/assembler.ts";
import type { Tiles } from "../../asm/tile.ts";
import { type CodedKernel, isCoded, type Kernel } from "../../schedule/kernel.ts";
import { kernelKeys } from "../../schedule/kernel-key.ts";
import { convolutionScratch, defineConvolve } from "./convolve.ts";
import { type DefinedLoop, defineElementwise } from "./elementwise/loop.ts";
import { defineIndexed } from "./indexed.ts";
import type { KernelFunction } from "./kernel-function.ts";
import type { ScalarFunctions } from "./math/calls.ts";
import { defineMatmul, matmulScratch } from "./matmul.ts";
import { defineSlices, slicesWorkspace } from "./reduce/slices.ts";
import { defineScan } from "./scan.ts";
import { defineScatter } from "./scatter.ts";

/**
 * The functions of kernels in a module: one for all that are equal, however often they run and
 * wherever their elements are. Null for what is made of steps, or runs outside of the module.
 */
export function kernelFunctions(
	m: ModuleBuilder,
	tiles: Tiles,
	threads: number,
	scalars: ScalarFunctions,
) {
	const keyOf = kernelKeys();
	const known = new Map<string, KernelFunction>();
	return (kernel: Kernel): KernelFunction | null => {
		if (!isCoded(kernel)) return null;
		const key = keyOf(kernel);
		let found = known.get(key);
		if (found === undefined) {
			found = defineKernel(m, `${kernel.kind} ${known.size}`, kernel, tiles, threads, scalars);
			known.set(key, found);
		}
		return found;
	};
}

function defineKernel(
	m: ModuleBuilder,
	name: string,
	kernel: CodedKernel,
	tiles: Tiles,
	threads: number,
	scalars: ScalarFunctions,
): KernelFunction {
	switch (kernel.kind) {
		case "loop":
			return ofElements(defineElementwise(m, name, kernel.loop, scalars));
		case "reduction":
			return defineSlices(m, name, kernel.loop, scalars);
		case "product":
			return defineMatmul(m, name, kernel, tiles, scalars);
		case "convolution":
			return defineConvolve(m, name, kernel, tiles, threads, scalars);
		case "scatter":
			return defineScatter(m, name, kernel.scatter);
		case "indexed":
			return ofElements(defineIndexed(m, name, kernel.indexed));
		case "scan":
			return ofElements(defineScan(m, name, kernel.scan, scalars));
	}
}

function ofElements(defined: DefinedLoop): KernelFunction {
	return { ...defined, works: false };
}

/** How much memory a kernel needs while it runs, in each of so many threads. */
export function workspaceOf(kernel: Kernel, tiles: Tiles, threads: number): number {
	if (kernel.kind === "product") return matmulScratch(kernel, tiles);
	if (kernel.kind === "convolution") return convolutionScratch(kernel, tiles, threads);
	return kernel.kind === "reduction" ? slicesWorkspace(kernel.loop) : 0;
}
