import type { Tensor } from "../core/tensor.ts";
import type { Program, Value } from "../program/program.ts";
import { type Buffer, Buffers } from "./buffers.ts";
import { copied } from "./copies.ts";
import { fuse } from "./fuse.ts";
import { loweredAs } from "./lower.ts";
import type { Planner } from "./planner.ts";
import { readsIn } from "./reads.ts";
import type { Step } from "./step.ts";
import { isWhole, viewsOf } from "./view.ts";

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

/**
 * Plans a program: what runs as one, which values get a buffer, and where each step finds what it
 * reads.
 */
export function scheduleOf(program: Program): KernelSchedule {
	const viewOf = viewsOf(program);
	const readsOf = readsIn(viewOf);
	const { groups, usesOf } = fuse(program, viewOf, readsOf);
	const buffers = new Buffers(program, viewOf);
	const planner: Planner = { viewOf, readsOf, usesOf, loweredAs, buffers, steps: [] };
	for (const group of groups) loweredAs(group.lead).plan(planner, group);
	const results = program.outputs.map((value) => resultOf(value, program, planner));
	const { inputs, outputs, constants } = buffers;
	return { program, inputs, outputs, constants, steps: planner.steps, results };
}

/** Where a value is found in the end: in a buffer of its own, or in one that it is copied to. */
function resultOf(value: Value, { inputs }: Program, planner: Planner): Result {
	if (value.kind === "constant") return { kind: "constant", tensor: value.tensor };
	if (value.kind === "input") return { kind: "argument", index: inputs.indexOf(value) };
	const { buffers, steps } = planner;
	const view = planner.viewOf(value);
	const known = buffers.of(view.base);
	if (isWhole(view) && known?.use.kind === "output") {
		return { kind: "output", index: known.use.index };
	}
	const to = buffers.add(value.type, "output");
	steps.push(copied(planner, view, to, []));
	return { kind: "output", index: buffers.outputs.length - 1 };
}
