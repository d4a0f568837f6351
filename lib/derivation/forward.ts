import type { Instruction, Program, Value } from "../program/program.ts";

/** The instructions that the values are made by. */
export function reachable(values: readonly Value[]): Set<Value> {
	const seen = new Set<Value>();
	const next = [...values];
	for (let value = next.pop(); value !== undefined; value = next.pop()) {
		if (value.kind !== "instruction" || seen.has(value)) continue;
		seen.add(value);
		next.push(...(value as Instruction).inputs);
	}
	return seen;
}

/**
 * What stays as the user wrote it, whatever is simplified: the forward pass, but for the names in
 * it.
 */
export function asWritten({ outputs }: Program): Set<Value> {
	const forward = reachable([outputs[0]!]);
	return new Set(
		[...forward].filter((x) => x.kind !== "instruction" || x.op.traits?.label === undefined),
	);
}
