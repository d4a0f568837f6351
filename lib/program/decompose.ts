import { apply } from "../core/op.ts";
import type { Tensor } from "../core/tensor.ts";
import { readProgram } from "./interpret.ts";
import { bodiesOf, type Program, withBodies } from "./program.ts";
import { trace } from "./trace.ts";

/**
 * The same program with each op that says what others it is made of replaced by these, inside of
 * loops too.
 */
export function decompose(program: Program): Program {
	if (!canDecompose(program)) return program;
	const types = program.inputs.map(({ type }) => type);
	return trace(types, (args) => {
		const tensorOf = readProgram<Tensor>(program, args, {
			constant: ({ tensor }) => tensor,
			apply: ({ op, params }, inputs) =>
				op.traits?.decompose?.(inputs, params) ?? apply(withBodies(op, decompose), inputs, params),
		});
		return program.outputs.map(tensorOf);
	}).program;
}

function canDecompose({ instructions }: Program): boolean {
	return instructions.some(
		({ op }) => op.traits?.decompose !== undefined || bodiesOf(op).some(canDecompose),
	);
}
