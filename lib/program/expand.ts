import { apply } from "../core/op.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Program, Value } from "./program.ts";
import { trace } from "./trace.ts";

/** The same program with each op that states an expansion made of others. */
export function expand(program: Program): Program {
	if (!program.instructions.some(({ op }) => op.traits?.expansion !== undefined)) return program;
	const types = program.inputs.map(({ type }) => type);
	return trace(types, (args) => {
		const tensors = new Map<Value, Tensor>(program.inputs.map((input, i) => [input, args[i]!]));
		const read = (value: Value) => (value.kind === "constant" ? value.tensor : tensors.get(value)!);
		for (const step of program.instructions) {
			const inputs = step.inputs.map(read);
			const expanded = step.op.traits?.expansion?.(inputs, step.params) ?? null;
			tensors.set(step, expanded ?? apply(step.op, inputs, step.params));
		}
		return program.outputs.map(read);
	}).program;
}
