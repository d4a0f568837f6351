import { call, ModuleBuilder } from "../wasm/assembler.ts";
import {
	type Expression,
	importScalars,
	opsIn,
	scalarImports,
} from "../wasm/elementwise/expression.ts";
import { defineElementwise } from "../wasm/elementwise/loop.ts";
import type { FunctionBuilder } from "../wasm/function.ts";
import type { Tiles } from "../wasm/product.ts";
import { defineSlices } from "../wasm/reduce/slices.ts";
import { i32 } from "../wasm/scalar.ts";
import { addressOf, type Locations, type StepFunction } from "./locations.ts";
import type { EvaluationStep, Plan, Step } from "./plan.ts";
import { defineProduct, productScratch } from "./product-step.ts";

/** Steps that run one after the other in the module, or one that runs outside of it. */
export type Stage = { readonly export: string } | { readonly evaluation: EvaluationStep };

/** The module of a plan, and in which order its functions run. */
export interface Compiled {
	readonly bytes: Uint8Array<ArrayBuffer>;
	readonly imports: Record<string, (...x: number[]) => number>;
	readonly stages: readonly Stage[];
}

/** Writes the module of a plan. */
export function compiled(plan: Plan, locations: Locations, pages: number, tiles: Tiles): Compiled {
	const m = new ModuleBuilder({ pages });
	const names = opsIn(plan.steps.flatMap(computed));
	const scalars = importScalars(m, names);
	const functions = new Map<Step, StepFunction>();
	for (const [i, step] of plan.steps.entries()) {
		if (step.kind === "loop" || step.kind === "reduction") {
			const { callee, extent } =
				step.kind === "loop"
					? defineElementwise(m, `step ${i}`, step.loop, scalars)
					: defineSlices(m, `step ${i}`, step.loop, scalars);
			const addresses = [...step.reads, ...step.writes].map((x) => addressOf(x, locations));
			functions.set(step, { callee, addresses, works: false, extent, grain: 8 });
		} else if (step.kind === "product") {
			functions.set(step, defineProduct(m, `step ${i}`, step, locations, tiles, scalars));
		}
	}
	const stages = runs(plan.steps).map((run, i): Stage => {
		if (!Array.isArray(run)) return { evaluation: run };
		const name = `stage ${i}`;
		m.define(name, [], "none", (f) => {
			for (const step of run) callStep(f, functions.get(step)!, locations);
		});
		return { export: name };
	});
	return { bytes: m.bytes(), imports: scalarImports(names), stages };
}

/** The expressions that a step computes. */
function computed(step: Step): Expression[] {
	if (step.kind === "evaluation") return [];
	const stored = step.loop.outputs.map(({ value }) => value);
	if (step.kind !== "reduction") return stored;
	const reduced = step.loop.passes.flatMap((pass) =>
		pass.kind === "first" ? [pass.of] : pass.reductions.map(({ of }) => of),
	);
	return [...stored, ...reduced];
}

/** The steps that run in the module one after the other, together, and each of the others by itself. */
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

function callStep(f: FunctionBuilder, step: StepFunction, { workspace }: Locations): void {
	const { callee, addresses, works, extent } = step;
	const range = [i32.const(0), i32.const(extent)];
	f.do(call(callee, ...addresses, ...(works ? [i32.const(workspace)] : []), ...range));
}

/** How much memory the products of a plan need while they run, in each thread. */
export function workspaceBytes({ steps }: Plan, tiles: Tiles): number {
	return Math.max(0, ...steps.map((s) => (s.kind === "product" ? productScratch(s, tiles) : 0)));
}
