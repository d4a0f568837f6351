import type { Instruction, Value } from "../program/program.ts";
import { inOrder } from "../scalar/scalar.ts";
import type { Group, Use } from "./group.ts";
import type { Epilogue, Reading } from "./kernel.ts";
import { loopOf } from "./loops.ts";
import type { Planner, ProductAxes } from "./planner.ts";
import { isDirect, onlyNumber, type Reads, type View } from "./view.ts";

/** What the other members of a group make of the elements of its lead, a product. */
export function epilogueAfter(planner: Planner, { lead, members }: Group, axes: ProductAxes) {
	const { views, reads, writes, loop } = loopOf(planner, members, [lead]);
	const epilogue: Epilogue = { loop, readings: views.map((view) => readingOf(view, axes)!) };
	return { reads, writes, epilogue };
}

/** How what follows a product with a result of these axes reads; null: in no way that it could. */
export function readingOf(view: View, { row, column }: ProductAxes): Reading | null {
	if (isDirect(view)) return "element";
	const { shape, strides } = view;
	const moving = strides.flatMap((stride, i) => (stride === 0 || shape[i] === 1 ? [] : [i]));
	if (moving.length === 0) return "single";
	if (moving.length > 1 || strides[moving[0]!] !== 1) return null;
	if (moving[0] === column) return "column";
	return moving[0] === row ? "row" : null;
}

/**
 * Whether the members after the product that leads a group can be computed on vectors of its result
 * before it is stored.
 */
export function canFinish(
	{ lead, members }: Group,
	axes: ProductAxes,
	readsOf: Reads,
	usesOf: (value: Value) => readonly Use[],
): boolean {
	if (members.some(callsFunction)) return false;
	const inside = new Set<Value | null>(members);
	const { dtype } = lead.type;
	const stored = members.filter((step) => usesOf(step).some(({ reader }) => !inside.has(reader)));
	if (stored.some((step) => step.type.dtype !== dtype)) return false;
	return members.every((step) => {
		if (step === lead) return true;
		if (step.type.dtype !== dtype && step.type.dtype !== "bool") return false;
		return readsOf(step).every((view) => {
			if (inside.has(view.base) || onlyNumber(view) !== null) return true;
			return view.base.type.dtype === dtype && readingOf(view, axes) !== null;
		});
	});
}

/**
 * Whether it computes a function such as `tanh`. Beside the numbers of a product that runs out of
 * registers, and its code stands there once for each vector of a tile: a loop over what is stored
 * has never been slower, and often by a third faster.
 */
function callsFunction({ op }: Instruction): boolean {
	return op.formula !== undefined && inOrder(op.formula()).some(({ kind }) => kind === "call");
}
