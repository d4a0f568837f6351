import { type Callee, ModuleBuilder } from "../../asm/assembler.ts";
import type { Tiles } from "../../asm/tile.ts";
import { formulasIn } from "../../schedule/expression.ts";
import { expressionsIn } from "../../schedule/kernel.ts";
import type { KernelSchedule } from "../../schedule/schedule.ts";
import { allSteps, type Step } from "../../schedule/step.ts";
import type { Arena } from "./arena.ts";
import { defineChoice } from "./choice.ts";
import { importScalars, scalarImports } from "./elementwise/expression.ts";
import { kernelFunctions, workspaceOf } from "./kernels.ts";
import { addressOf } from "./locations.ts";
import { defineRepeat, defineWhile } from "./repeat.ts";
import { defineChunks, defineStage, isShared, type StepFunction } from "./stages.ts";
import { defineSharing, MOST_SHARED } from "./work-queue.ts";
import { maySleep } from "./workers.ts";

/**
 * Steps that run one after the other in the module, as a function of this name, or one that runs
 * outside of it.
 */
export type Stage = { readonly export: string } | { readonly evaluation: Step };

/** The module of a schedule, and in which order its functions run. */
export interface CompiledModule {
	readonly bytes: Uint8Array<ArrayBuffer>;
	readonly imports: Record<string, (...x: number[]) => number>;
	readonly stages: readonly Stage[];
	/** The evaluations inside of loops and branches, which the module calls by these names. */
	readonly called: ReadonlyMap<string, Step>;
	/**
	 * The steps that threads share; where there are some, a worker calls `serve` with its number,
	 * from 1 on.
	 */
	readonly shared: ReadonlySet<Step>;
}

/** Writes the module of a schedule. */
export function compiled(
	schedule: KernelSchedule,
	arena: Arena,
	threads: number,
	tiles: Tiles,
): CompiledModule {
	const { pages, locations } = arena;
	const m = new ModuleBuilder(threads > 1 ? { pages, maximum: pages, shared: true } : { pages });
	const all = allSteps(schedule.steps);
	const formulas = formulasIn(all.flatMap(({ kernel }) => expressionsIn(kernel)));
	const scalars = importScalars(m, formulas);
	const called = all.flatMap((step, i): [string, Step][] => {
		const isInside = step.kernel.kind === "evaluation" && !schedule.steps.includes(step);
		return isInside ? [[`evaluation ${i}`, step]] : [];
	});
	const outside = new Map(called.map(([name, step]) => [step, m.import(name, [], "none")]));
	const functionOf = kernelFunctions(m, tiles, threads, scalars);
	const functions = new Map<Step, StepFunction>();
	for (const step of all) {
		const f = functionOf(step.kernel);
		const addresses = [...step.reads, ...step.writes].map((x) => addressOf(x, locations));
		if (f !== null) functions.set(step, { ...f, addresses });
	}
	const parts = [...functions].filter(([step, f]) => threads > 1 && isShared(step.kernel, f));
	const shared = parts.slice(0, MOST_SHARED).map(([step]) => step);
	const chunks = shared.map((step, i) =>
		defineChunks(m, `chunk of ${i}`, functions.get(step)!, threads, locations),
	);
	const sharing = shared.length === 0 ? null : defineSharing(m, chunks, maySleep());
	const together = new Map(shared.map((step, i) => [step, sharing!.run[i]!]));
	let structures = 0;
	const callOf = (step: Step): StepFunction | Callee<readonly [], "none"> => {
		const { kernel, bodies } = step;
		if (bodies === undefined) {
			return outside.get(step) ?? together.get(step) ?? functions.get(step)!;
		}
		const name = `${kernel.kind} ${structures++}`;
		const runs = bodies.map(({ steps }, i) =>
			defineStage(m, `body ${i} of ${name}`, steps.map(callOf), null, locations),
		);
		switch (kernel.kind) {
			case "repeat":
				return defineRepeat(m, name, kernel.count, runs[0]!, bodies, locations);
			case "while":
				return defineWhile(m, name, kernel.most, runs, bodies, locations);
			default:
				return defineChoice(m, name, step.reads[0]!, runs, locations);
		}
	};
	const stages = runs(schedule.steps).map((run, index): Stage => {
		if (!Array.isArray(run)) return { evaluation: run };
		const name = `stage ${index}`;
		defineStage(m, name, run.map(callOf), sharing, locations);
		return { export: name };
	});
	return {
		bytes: m.bytes(),
		imports: scalarImports(formulas),
		called: new Map(called),
		...{ stages, shared: new Set(shared) },
	};
}

/**
 * The steps that run in the module one after the other, together, and each of the others by itself.
 */
function runs(steps: readonly Step[]): (Step[] | Step)[] {
	const all: (Step[] | Step)[] = [];
	for (const step of steps) {
		const last = all.at(-1);
		if (step.kernel.kind === "evaluation") all.push(step);
		else if (Array.isArray(last)) last.push(step);
		else all.push([step]);
	}
	return all;
}

/** How much memory the kernels of a schedule need while they run, in each of so many threads. */
export function workspaceBytes({ steps }: KernelSchedule, tiles: Tiles, threads: number): number {
	return allSteps(steps).reduce(
		(most, { kernel }) => Math.max(most, workspaceOf(kernel, tiles, threads)),
		0,
	);
}
