import type { DType } from "../core/dtype.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Program, Value } from "../program/program.ts";
import { type Buffer, Buffers } from "./buffers.ts";
import { copied } from "./copies.ts";
import { loweredAs } from "./lower.ts";
import type { Planner } from "./planner.ts";
import { type Fusion, fusionOf } from "./recompute.ts";
import type { LoopBody, Step } from "./step.ts";
import { isWhole } from "./view.ts";

/** Where a result of the program is found. */
export type Result =
	| { readonly kind: "argument"; readonly index: number }
	| { readonly kind: "constant"; readonly tensor: Tensor }
	| { readonly kind: "output"; readonly index: number };

/** What runs in place of a program: steps between buffers. */
export interface KernelSchedule {
	readonly program: Program;
	readonly inputs: readonly Buffer[];
	readonly outputs: readonly Buffer[];
	readonly constants: readonly Buffer[];
	readonly steps: readonly Step[];
	readonly results: readonly Result[];
}

/** What a backend wants of a plan. */
export interface ScheduleOptions {
	/**
	 * Whether long slices are reduced in segments, which threads can share; sums of them have other
	 * last bits then.
	 */
	readonly segments?: boolean;
}

/**
 * Plans a program: what runs as one, which values get a buffer, and where each step finds what it
 * reads.
 */
export function scheduleOf(given: Program, options: ScheduleOptions = {}): KernelSchedule {
	const fusion = fusionOf(given);
	const { program } = fusion;
	const planner = planned(fusion, options);
	const results = program.outputs.map((value) => resultOf(value, program, planner));
	const { inputs, outputs, constants } = planner.buffers;
	return { program, inputs, outputs, constants, steps: planner.steps, results };
}

/** The same for what a loop repeats: its results are its outputs, in order and in these dtypes. */
function bodyOf(
	given: Program,
	dtypes: readonly DType[],
	options: ScheduleOptions,
): Omit<LoopBody, "places"> {
	const fusion = fusionOf(given);
	const { program } = fusion;
	const planner = planned(fusion, options, dtypes);
	const outputs: Buffer[] = [];
	for (const [i, value] of program.outputs.entries()) {
		const found = outputIn(planner, value);
		const isFree = found !== null && found.dtype === dtypes[i] && !outputs.includes(found);
		outputs.push(isFree ? found : copyOf(planner, value, dtypes[i]));
	}
	const { inputs, constants } = planner.buffers;
	return { inputs, outputs, constants, steps: planner.steps };
}

/** Plans all but the results, which are wanted in these dtypes or as they are. */
function planned(fusion: Fusion, options: ScheduleOptions, dtypes?: readonly DType[]): Planner {
	const { program, groups, viewOf, readsOf, usesOf } = fusion;
	const buffers = new Buffers(program, viewOf, dtypes);
	const steps: Step[] = [];
	const planner: Planner = {
		...{ viewOf, readsOf, usesOf, loweredAs, buffers, steps },
		planBody: (body, types) => bodyOf(body, types, options),
		segments: options.segments ?? false,
	};
	for (const group of groups) loweredAs(group.lead).plan(planner, group);
	return planner;
}

/** Where a value is found in the end: in a buffer of its own, or in one that it is copied to. */
function resultOf(value: Value, { inputs }: Program, planner: Planner): Result {
	if (value.kind === "constant") return { kind: "constant", tensor: value.tensor };
	if (value.kind === "input") return { kind: "argument", index: inputs.indexOf(value) };
	const buffer = outputIn(planner, value) ?? copyOf(planner, value);
	return { kind: "output", index: planner.buffers.outputs.indexOf(buffer) };
}

/** The buffer for a result in which a value lies; null where it lies elsewhere, or as a view. */
function outputIn({ viewOf, buffers }: Planner, value: Value): Buffer | null {
	const view = viewOf(value);
	const known = buffers.of(view.base);
	return isWhole(view) && known?.use.kind === "output" ? known : null;
}

/** A buffer for a result to which a value is copied. */
function copyOf(planner: Planner, value: Value, dtype = value.type.dtype): Buffer {
	const to = planner.buffers.add({ ...value.type, dtype }, "output");
	planner.steps.push(copied(planner, planner.viewOf(value), to, []));
	return to.buffer;
}
