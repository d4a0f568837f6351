import { callTo, type ModuleBuilder } from "../../asm/assembler.ts";
import type { Tiles } from "../../asm/tile.ts";
import type { KernelOf } from "../../schedule/kernel.ts";
import { defineConvolution } from "./convolution/convolution.ts";
import { convolutionWork, sizes } from "./convolution/window-blocks.ts";
import { defineWithEpilogue, epilogueOf } from "./epilogue.ts";
import type { KernelFunction } from "./kernel-function.ts";
import type { ScalarFunctions } from "./math/calls.ts";

/** How much memory the convolution of a kernel needs while it runs, in each thread. */
export function convolutionScratch(
	{ convolution, wanted }: KernelOf<"convolution">,
	tiles: Tiles,
	threads: number,
): number {
	return convolutionWork(convolution, wanted, tiles, threads).scratch;
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
	const inner = defineConvolution(m, whole, convolution, wanted, tiles, threads, epilogue.epilogue);
	const callee = defineWithEpilogue(m, name, kernel, epilogue, (f, operands, others, range) =>
		f.do(callTo(inner, ...operands, ...others, ...range)),
	);
	const { parts } = convolutionWork(convolution, wanted, tiles, threads);
	return { callee, works: true, extent: parts, grain: 1 };
}
