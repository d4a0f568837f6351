import type { Program, Value } from "../program.ts";

/** The program without the instructions that lead to no output. */
export function withoutDead(program: Program): Program {
	const used = new Set<Value>(program.outputs);
	const instructions = program.instructions.toReversed().filter((step) => {
		if (!used.has(step)) return false;
		for (const input of step.inputs) used.add(input);
		return true;
	});
	return { ...program, instructions: instructions.reverse() };
}
