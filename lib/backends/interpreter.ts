import { BYTES } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import { showShape, sizeOf } from "../core/shape.ts";
import { interpret } from "../program/interpret.ts";
import type { Instruction } from "../program/program.ts";
import type { Backend } from "./backend.ts";
import { type ExplainedStep, explained } from "./explanation.ts";

/** An instruction and the rest of a program take about so much memory. */
const BYTES_EACH = 1024;

/** Runs a program op by op, as the function by itself would run: it works everywhere. */
export const interpreter: Backend = {
	name: "interpreter",
	supports: () => null,
	compile: (program) => ({
		run: (args) => interpret(program, args),
		explain: () =>
			explained({
				backend: "interpreter",
				steps: program.instructions.map(stepOf),
				arenaBytes: 0,
				scratchBytes: 0,
				unsharedBytes: 0,
				threads: 1,
				fused: false,
				notes: [],
			}),
		bytes: program.instructions.length * BYTES_EACH,
	}),
};

function stepOf({ op, inputs, type }: Instruction): ExplainedStep {
	const bytesOf = ({ dtype, shape }: TensorType) => BYTES[dtype] * sizeOf(shape);
	return {
		runs: "evaluation",
		ops: [op.name],
		results: [`${type.dtype} ${showShape(type.shape)}`],
		bytes: [...inputs.map((input) => input.type), type].reduce((sum, x) => sum + bytesOf(x), 0),
		flops: null,
		threads: 1,
	};
}
