import type { Instruction, Value } from "../program/program.ts";
import { loweredAs } from "./lower.ts";
import type { Reads, View } from "./view.ts";

/**
 * For each instruction of a program what it reads: its inputs, or what it says. What is counted is
 * made once, however often it is asked for.
 */
export function readsIn(viewOf: (value: Value) => View): Reads {
	const known = new Map<Instruction, readonly View[]>();
	return (step) => {
		let reads = known.get(step);
		if (reads === undefined) {
			const inputs = step.inputs.map(viewOf);
			reads = loweredAs(step).reads?.(step, inputs) ?? inputs;
			known.set(step, reads);
		}
		return reads;
	};
}
