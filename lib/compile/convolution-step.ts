import type * as ops from "../ops/convolution.ts";
import { ModuleBuilder } from "../wasm/assembler.ts";
import {
	type ConvolutionFunction,
	defineConvolve,
	defineConvolveFilter,
	defineConvolveInput,
} from "../wasm/convolution.ts";
import type { Tiles } from "../wasm/product.ts";
import type { Convolution } from "../wasm/window-blocks.ts";
import { addressOf, type Locations, type StepFunction } from "./locations.ts";
import type { NamesOf } from "./lowering.ts";
import type { ConvolutionStep } from "./steps.ts";

type ConvolutionName = NamesOf<typeof ops>;

const kernels: Record<ConvolutionName, typeof defineConvolve> = {
	convolve: defineConvolve,
	convolveFilter: defineConvolveFilter,
	convolveInput: defineConvolveInput,
};

function defineKernel(
	m: ModuleBuilder,
	name: string,
	{ instruction: { op, params, type } }: ConvolutionStep,
	tiles: Tiles,
): ConvolutionFunction {
	const dtype = type.dtype as Convolution["dtype"];
	const convolution = { ...(params as Omit<Convolution, "dtype">), dtype };
	return kernels[op.name as ConvolutionName](m, name, convolution, tiles);
}

/** How much memory the convolution of a step needs while it runs, in each thread. */
export function convolutionScratch(step: ConvolutionStep, tiles: Tiles): number {
	// Only the kernel knows, when it is written; the step's own module needs the answer before.
	return defineKernel(new ModuleBuilder(null), "convolution", step, tiles).scratch;
}

/** The function of a convolution or of one of its transposes, over a range of the parts that its kernel splits the work into. */
export function defineConvolution(
	m: ModuleBuilder,
	name: string,
	step: ConvolutionStep,
	locations: Locations,
	tiles: Tiles,
): StepFunction {
	const { callee, parts } = defineKernel(m, name, step, tiles);
	const addresses = [...step.reads, ...step.writes].map((source) => addressOf(source, locations));
	return { callee, addresses, works: true, extent: parts, grain: 1 };
}
