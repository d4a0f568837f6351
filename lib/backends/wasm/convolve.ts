import { callTo, type ModuleBuilder } from "../../asm/assembler.ts";
import type { Tiles } from "../../asm/tile.ts";
import type { KernelOf } from "../../schedule/kernel.ts";
import { defineConvolution } from "./convolution/convolution.ts";
import { defineDepthwise, depthwiseFor, depthwiseWork } from "./convolution/depthwise.ts";
import { convolutionWork, sizes } from "./convolution/window-blocks.ts";
import { defineWithEpilogue, epilogueOf } from "./epilogue.ts";
import type { KernelFunction } from "./kernel-function.ts";
import type { ScalarFunctions } from "./math/calls.ts";

/** The parts of the work of a convolution, and its scratch memory in each of so many threads. */
function workFor(
	{ convolution, wanted }: KernelOf<"convolution">,
	tiles: Tiles,
	threads: number,
): { readonly parts: number; readonly scratch: number } {
	const depthwise = depthwiseFor(convolution, wanted);
	return depthwise === null
		? convolutionWork(convolution, wanted, tiles, threads)
		: depthwiseWork(depthwise);
}

/** How much memory the convolution of a kernel needs while it runs, in each thread. */
export function convolutionScratch(
	kernel: KernelOf<"convolution">,
	tiles: Tiles,
	threads: number,
): number {
	return workFor(kernel, tiles, threads).scratch;
}

/**
 * The function of a convolution or of one of its transposes and the loop after it, over a range of
 * the parts of its work, of which there are enough for so many threads where it can be split.
 */
export function defineConvolve(
	m: ModuleBuilder,
	name: string,
	kernel: KernelOf<"convolution">,
	tiles: Tiles,
	threads: number,
	scalars: ScalarFunctions,
): KernelFunction {
	const { convolution, wanted } = kernel;
	const rows = { count: convolution.outputs, length: sizes(convolution).columns };
	const epilogue = epilogueOf(kernel, rows, scalars);
	const whole = `${name}, convolution`;
	const code = epilogue.epilogue;
	const depthwise = depthwiseFor(convolution, wanted);
	const inner =
		depthwise === null
			? defineConvolution(m, whole, convolution, wanted, tiles, threads, code)
			: defineDepthwise(m, whole, depthwise, tiles, code);
	const callee = defineWithEpilogue(m, name, kernel, epilogue, (f, operands, others, range) =>
		f.do(callTo(inner, ...operands, ...others, ...range)),
	);
	const { parts } = workFor(kernel, tiles, threads);
	return { callee, works: true, extent: parts, grain: 1 };
}
