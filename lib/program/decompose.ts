import { apply } from "../core/op.ts";
import type { Tensor } from "../core/tensor.ts";
import { readProgram } from "./interpret.ts";
import type { Program } from "./program.ts";
import { trace } from "./trace.ts";

/** The same program with each op that says what others it is made of replaced by these. */
export function decompose(program: Program): Program {
	if (!program.instructions.some(({ op }) => op.traits?.decompose !== undefined)) return program;
	const types = program.inputs.map(({ type }) => type);
	return trace(types, (args) => {
		const tensorOf = readProgram<Tensor>(program, args, {
			constant: ({ tensor }) => tensor,
			apply: ({ op, params }, inputs) =>
				op.traits?.decompose?.(inputs, params) ?? apply(op, inputs, params),
		});
		return program.outputs.map(tensorOf);
	}).program;
}
