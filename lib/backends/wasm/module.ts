import { ModuleBuilder } from "../../asm/assembler.ts";
import type { Tiles } from "../../asm/tile.ts";
import { formulasIn } from "../../schedule/expression.ts";
import type { Plan } from "../../schedule/schedule.ts";
import { type EvaluationStep, expressionsIn, type Step } from "../../schedule/steps.ts";
import type { Arena } from "./arena.ts";
import { convolutionScratch, defineConvolutionStep } from "./convolution-step.ts";
import { importScalars, scalarImports } from "./elementwise/expression.ts";
import { type DefinedLoop, defineElementwise } from "./elementwise/loop.ts";
import { defineIndexed } from "./indexed.ts";
import { addressOf, type Locations, type StepFunction } from "./locations.ts";
import type { ScalarFunctions } from "./math/calls.ts";
import { defineProduct, productScratch } from "./product-step.ts";
import { defineSlices } from "./reduce/slices.ts";
import { defineScan } from "./scan.ts";
import { defineScatter } from "./scatter-step.ts";
import { defineChunks, defineStage, isShared } from "./stages.ts";
import { defineSharing, MOST_SHARED } from "./work-queue.ts";

/**
 * Steps that run one after the other in the module, as a function of this name, or one that runs
 * outside of it.
 */
export type Stage = { readonly export: string } | { readonly evaluation: EvaluationStep };

/** The module of a plan, and in which order its functions run. */
export interface Compiled {
	readonly bytes: Uint8Array<ArrayBuffer>;
	readonly imports: Record<string, (...x: number[]) => number>;
	readonly stages: readonly Stage[];
	/**
	 * The steps that threads share; where there are some, a worker calls `serve` with its number,
	 * from 1 on.
	 */
	readonly shared: ReadonlySet<Step>;
}

/** Writes the module of a plan. */
export function compiled(plan: Plan, arena: Arena, threads: number, tiles: Tiles): Compiled {
	const { pages, locations } = arena;
	const m = new ModuleBuilder(threads > 1 ? { pages, maximum: pages, shared: true } : { pages });
	const formulas = formulasIn(plan.steps.flatMap(expressionsIn));
	const scalars = importScalars(m, formulas);
	const functions = new Map<Step, StepFunction>();
	for (const [i, step] of plan.steps.entries()) {
		if (step.kind === "evaluation") continue;
		functions.set(step, defineStep(m, `step ${i}`, step, locations, tiles, scalars));
	}
	const parts = [...functions].filter(([step, f]) => threads > 1 && isShared(step, f));
	const shared = parts.slice(0, MOST_SHARED).map(([step]) => step);
	const chunks = shared.map((step, i) =>
		defineChunks(m, `chunk of ${i}`, functions.get(step)!, threads, locations),
	);
	const sharing = shared.length === 0 ? null : defineSharing(m, chunks);
	const together = new Map(shared.map((step, i) => [step, sharing!.run[i]!]));
	const stages = runs(plan.steps).map((run, index): Stage => {
		if (!Array.isArray(run)) return { evaluation: run };
		const name = `stage ${index}`;
		const steps = run.map((step) => together.get(step) ?? functions.get(step)!);
		defineStage(m, name, steps, sharing, locations);
		return { export: name };
	});
	return { bytes: m.bytes(), imports: scalarImports(formulas), stages, shared: new Set(shared) };
}

function defineStep(
	m: ModuleBuilder,
	name: string,
	step: Exclude<Step, EvaluationStep>,
	locations: Locations,
	tiles: Tiles,
	scalars: ScalarFunctions,
): StepFunction {
	const ofElements = ({ callee, extent, grain = 8 }: DefinedLoop): StepFunction => {
		const addresses = [...step.reads, ...step.writes].map((x) => addressOf(x, locations));
		return { callee, addresses, works: false, extent, grain };
	};
	switch (step.kind) {
		case "loop":
			return ofElements(defineElementwise(m, name, step.loop, scalars));
		case "reduction":
			return ofElements(defineSlices(m, name, step.loop, scalars));
		case "product":
			return defineProduct(m, name, step, locations, tiles, scalars);
		case "convolution":
			return defineConvolutionStep(m, name, step, locations, tiles, scalars);
		case "scatter":
			return defineScatter(m, name, step, locations);
		case "indexed":
			return ofElements(defineIndexed(m, name, step.indexed));
		case "scan":
			return ofElements(defineScan(m, name, step.scan));
	}
}

/**
 * The steps that run in the module one after the other, together, and each of the others by itself.
 */
function runs(steps: readonly Step[]): (Step[] | EvaluationStep)[] {
	const all: (Step[] | EvaluationStep)[] = [];
	for (const step of steps) {
		const last = all.at(-1);
		if (step.kind === "evaluation") all.push(step);
		else if (Array.isArray(last)) last.push(step);
		else all.push([step]);
	}
	return all;
}

/** How much memory the products and convolutions of a plan need while they run, in each thread. */
export function workspaceBytes({ steps }: Plan, tiles: Tiles): number {
	const bytes = steps.map((step) => {
		if (step.kind === "product") return productScratch(step, tiles);
		return step.kind === "convolution" ? convolutionScratch(step, tiles) : 0;
	});
	return Math.max(0, ...bytes);
}
