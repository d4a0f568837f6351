import type { ModuleBuilder } from "../../asm/assembler.ts";
import type { Tiles } from "../../asm/tile.ts";
import type { ConvolutionStep } from "../../schedule/steps.ts";
import { defineConvolution } from "./convolution/convolution.ts";
import { sizes, workOf } from "./convolution/window-blocks.ts";
import { finishOf } from "./epilogue.ts";
import { addressOf, type Locations, type StepFunction } from "./locations.ts";
import type { ScalarFunctions } from "./math/calls.ts";

/** How much memory the convolution of a step needs while it runs, in each thread. */
export function convolutionScratch({ convolution, wanted }: ConvolutionStep, tiles: Tiles): number {
	return workOf(convolution, wanted, tiles).scratch;
}

/**
 * The function of a convolution or of one of its transposes and the loop after it, over a range of
 * the parts of its work.
 */
export function defineConvolutionStep(
	m: ModuleBuilder,
	name: string,
	step: ConvolutionStep,
	locations: Locations,
	tiles: Tiles,
	scalars: ScalarFunctions,
): StepFunction {
	const { convolution, wanted, reads, writes } = step;
	const rows = { count: convolution.outputs, length: sizes(convolution).columns };
	const { finish } = finishOf(step, rows, locations, scalars);
	const callee = defineConvolution(m, name, convolution, wanted, tiles, finish);
	const addresses = [...reads.slice(0, 2), writes[0]!].map((x) => addressOf(x, locations));
	const { parts } = workOf(convolution, wanted, tiles);
	return { callee, addresses, works: true, extent: parts, grain: 1 };
}
