import { partOf } from "../../derivation/draft/open-loops.ts";
import type { Instruction, Program, Value } from "../../program/program.ts";

/** Whether what a block gives is read as one vector, as what a way back may be handed. */
export function isReadWhole(block: Instruction, { instructions, outputs }: Program): boolean {
	const isReader = (x: Instruction) => x.inputs.includes(block) && partOf(x) === null;
	return outputs.includes(block) || instructions.some(isReader);
}

/** The results of a block that are read, by their numbers. */
export function resultsRead(
	block: Instruction,
	instructions: readonly Instruction[],
): Map<number, Value> {
	const parts = instructions.flatMap((value): [number, Value][] => {
		const part = partOf(value);
		return part?.loop === block ? [[part.index, value]] : [];
	});
	return new Map(parts);
}
