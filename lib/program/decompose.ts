import { apply, type Op } from "../core/op.ts";
import type { Tensor } from "../core/tensor.ts";
import { Builder } from "./builder.ts";
import { expressed } from "./inline.ts";
import { readProgram } from "./interpret.ts";
import { bodiesOf, type Program, withBodies } from "./program.ts";
import { asItIs, type Rewritten, rewrite } from "./rewrite.ts";
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

/** A program in which those of these ops that say what they are made of are replaced by that. */
export function decomposeOnly(program: Program, isMeant: (op: Op) => boolean): Rewritten {
	const builder = new Builder();
	return rewrite(program, {
		...asItIs,
		apply: (step, inputs) => {
			const { op, params } = step;
			const parts = isMeant(op) ? op.traits?.decompose : undefined;
			const made = parts && expressed(inputs, builder, (xs) => parts(xs, params));
			return made ?? { ...step, inputs };
		},
	});
}

function canDecompose({ instructions }: Program): boolean {
	return instructions.some(
		({ op }) => op.traits?.decompose !== undefined || bodiesOf(op).some(canDecompose),
	);
}
