import type { Instruction, Program, Value } from "../program.ts";

/**
 * A program in which each instruction, its inputs already replaced, becomes what `visit` makes of it: itself, another instruction, or
 * a value that was there before. The instructions that end up unused stay: see `withoutDead`.
 */
export function rewrite(program: Program, visit: (step: Instruction) => Value): Program {
	const replaced = new Map<Value, Value>();
	const now = (value: Value): Value => replaced.get(value) ?? value;
	const instructions = new Set<Instruction>();
	for (const step of program.instructions) {
		const inputs = step.inputs.map(now);
		const changed = inputs.some((input, i) => input !== step.inputs[i]);
		const made = visit(changed ? { ...step, inputs } : step);
		if (made.kind === "instruction") instructions.add(made);
		replaced.set(step, made);
	}
	return {
		inputs: program.inputs,
		instructions: [...instructions],
		outputs: program.outputs.map(now),
	};
}
